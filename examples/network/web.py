"""A web server and its client in one script: http.server, urllib."""
import http.server
import json
import threading
import urllib.error
import urllib.request


class Sums(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        numbers = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps({"sum": sum(numbers)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sums) as server:
    threading.Thread(target=server.serve_forever).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    for numbers in ([1, 2, 3], list(range(1000))):
        with urllib.request.urlopen(url, data=json.dumps(numbers).encode()) as answer:
            print(answer.status, json.load(answer))
    try:
        urllib.request.urlopen(url)
    except urllib.error.HTTPError as e:
        print(e)
    server.shutdown()
