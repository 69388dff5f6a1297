import http.server, urllib.request, threading, socketserver, http.client, socket
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"you asked for {self.path}".encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_POST(self):
        n = int(self.headers["Content-Length"]); d = self.rfile.read(n)
        self.send_response(201); self.end_headers(); self.wfile.write(d[::-1])
    def log_message(self, *a): pass
s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), H)
t = threading.Thread(target=s.serve_forever); t.start()
base = f"http://127.0.0.1:{s.server_port}"
print(urllib.request.urlopen(base + "/x?y=1").read())
print(urllib.request.urlopen(base + "/p", data=b"abc").read())
c = http.client.HTTPConnection("127.0.0.1", s.server_port); c.request("GET", "/k"); r = c.getresponse(); print(r.status, r.reason, r.read())
try: urllib.request.urlopen(urllib.request.Request(base, method="PUT"))
except urllib.error.HTTPError as e: print(e)
s.shutdown(); t.join(); s.server_close()
class E(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile: self.wfile.write(line.upper())
class TS(socketserver.ThreadingMixIn, socketserver.TCPServer): allow_reuse_address = True
with TS(("127.0.0.1", 0), E) as s:
    threading.Thread(target=s.serve_forever, daemon=True).start()
    for i in range(3):
        with socket.create_connection(s.server_address) as k:
            k.sendall(b"a\nb\n"); k.shutdown(1); print(k.makefile().read().split())
    s.shutdown()
class U(socketserver.BaseRequestHandler):
    def handle(self): d, so = self.request; so.sendto(d*2, self.client_address)
with socketserver.UDPServer(("127.0.0.1", 0), U) as s:
    threading.Thread(target=s.handle_request).start()
    k = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); k.sendto(b"hi", s.server_address); print(k.recv(10)); k.close()
