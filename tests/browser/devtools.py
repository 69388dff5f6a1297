"""A headless Chromium, driven by the DevTools protocol over a WebSocket client of our own. Nothing but Python's own library.

The protocol: https://chromedevtools.github.io/devtools-protocol/ ; WebSocket: RFC 6455, as much as one client needs.
"""

import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome"]


def find():
    """The browser's path, or None."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


class WebSocket:
    def __init__(self, host, port, path):
        self.socket = socket.create_connection((host, port), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        ask = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        self.socket.sendall(ask.encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self.receive()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise OSError(head.decode(errors="replace"))

    def receive(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise OSError("the browser has gone")
        return data

    def take(self, n):
        while len(self.buffer) < n:
            self.buffer += self.receive()
        out, self.buffer = self.buffer[:n], self.buffer[n:]
        return out

    def send(self, text, opcode=1):
        data, mask = text.encode(), os.urandom(4)
        n = len(data)
        size = bytes([0x80 | n]) if n < 126 else bytes([0x80 | 126]) + struct.pack(">H", n) if n < 65536 else bytes([0x80 | 127]) + struct.pack(">Q", n)
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
        self.socket.sendall(bytes([0x80 | opcode]) + size + mask + masked)

    def message(self):
        """The next text; frames of one message are joined, pings are answered."""
        parts = []
        while True:
            first, second = self.take(2)
            n = second & 127
            if n == 126:
                (n,) = struct.unpack(">H", self.take(2))
            elif n == 127:
                (n,) = struct.unpack(">Q", self.take(8))
            data, opcode = self.take(n), first & 15
            if opcode == 9:
                self.send(data.decode(), 10)
            elif opcode == 8:
                raise OSError("the browser closed the connection")
            else:
                parts.append(data)
                if first & 0x80:
                    return b"".join(parts).decode()


class Browser:
    """A browser with one page."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="gilbert-browser-")
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0", "--force-device-scale-factor=1", "--no-first-run",
                   "--disable-dev-shm-usage", "--disable-background-networking", f"--user-data-dir={self.home}", "about:blank"]
        self.process = subprocess.Popen([find(), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = self.port()
        target = self.page_target(port)
        self.socket = WebSocket("127.0.0.1", port, target)
        self.number = 0
        self.events = []
        self.errors = []
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(f"{domain}.enable")

    def port(self):
        for _ in range(600):
            try:
                return int((Path(self.home) / "DevToolsActivePort").read_text().split()[0])
            except (OSError, IndexError):
                if self.process.poll() is not None:
                    raise OSError("chromium did not start")
                time.sleep(0.05)
        raise OSError("chromium says no port")

    @staticmethod
    def page_target(port):
        from urllib.request import urlopen
        from urllib.parse import urlparse

        targets = json.load(urlopen(f"http://127.0.0.1:{port}/json/list"))
        return urlparse(next(t for t in targets if t["type"] == "page")["webSocketDebuggerUrl"]).path

    def call(self, method, **params):
        self.number += 1
        number = self.number
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.message())
            if answer.get("id") == number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]
            self.note(answer)

    def note(self, event):
        self.events.append(event)
        kind, params = event.get("method"), event.get("params", {})
        if kind == "Runtime.exceptionThrown":
            self.errors.append(params["exceptionDetails"].get("exception", {}).get("description", str(params)))
        elif kind == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(params["entry"]["text"])

    def wait_for(self, method, since):
        while not any(e.get("method") == method for e in self.events[since:]):
            self.note(json.loads(self.socket.message()))

    def open(self, path):
        """Loads a file and gives the seconds until its first picture was drawn."""
        since = len(self.events)
        begun = time.time()
        self.call("Page.navigate", url=Path(path).absolute().as_uri())
        self.wait_for("Page.loadEventFired", since)
        for _ in range(600):
            if self.js("!!window.gilbert && window.gilbert.frames > 0"):
                return time.time() - begun
            time.sleep(0.02)
        raise AssertionError("no picture")

    def js(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"].get("exception", {}).get("description", expression))
        return answer["result"].get("value")

    def size(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        self.settle()

    def theme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])
        self.settle()

    def settle(self):
        """Two frames: what was asked for is drawn."""
        self.js("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def mouse(self, kind, x, y, **more):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def wheel(self, x, y, dy, dx=0, shift=False):
        self.mouse("mouseWheel", x, y, deltaX=dx, deltaY=dy, modifiers=8 if shift else 0)
        self.settle()

    def drag(self, x, y, x2, y2):
        self.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
        for step in range(1, 6):
            self.mouse("mouseMoved", x + (x2 - x) * step / 5, y + (y2 - y) * step / 5, button="left", buttons=1)
        self.mouse("mouseReleased", x2, y2, button="left", clickCount=1)
        self.settle()

    def click(self, x, y):
        self.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
        self.mouse("mouseReleased", x, y, button="left", clickCount=1)
        self.settle()

    def key(self, key, text=None, shift=False):
        params = {"key": key, "modifiers": 8 if shift else 0}
        codes = {"Enter": 13, "Tab": 9, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35}
        if key in codes:
            params["windowsVirtualKeyCode"] = codes[key]
        if key == "Enter":
            text = "\r"
        elif text is None and len(key) == 1:
            text = key
        self.call("Input.dispatchKeyEvent", type="keyDown", **params, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **params)
        self.settle()

    def type(self, text):
        for c in text:
            self.key(c)

    def screenshot(self, path, box=None):
        more = {"clip": {**box, "scale": 1}} if box else {}
        data = self.call("Page.captureScreenshot", format="png", **more)["data"]
        Path(path).write_bytes(base64.b64decode(data))

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)
