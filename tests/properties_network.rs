//! What must hold of the simulated network for every schedule: bytes arrive whole, in order and once, and the end is seen after them.

use gilbert::Simulation;
use gilbert_vm::gil::Handoff;
use gilbert_vm::image::Image;
use gilbert_vm::world::Outcome;
use proptest::prelude::*;

/// Senders write pieces of many sizes through small buffers, some to the end and some after a half-close of the other side; receivers
/// read in pieces of another size and compare.
fn streams(pieces: &[usize], read: usize, buffer: usize) -> String {
    format!(
        "import socket, threading
pieces = {pieces:?}
def payload(seed):
    return b''.join(bytes((seed + i + j) % 251 for j in range(n)) for i, n in enumerate(pieces))
def send(s, seed):
    i = 0
    data = payload(seed)
    for n in pieces:
        s.sendall(data[i:i + n])
        i += n
    s.shutdown(socket.SHUT_WR)
def receive(s, seed, results):
    got = b''
    while piece := s.recv({read}):
        got += piece
    results.append(got == payload(seed) and s.recv(1) == b'')
results = []
server = socket.create_server(('127.0.0.1', 0), backlog=1)
def client(k):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, {buffer})
    s.connect(server.getsockname())
    s.sendall(bytes([k]))
    t = threading.Thread(target=send, args=(s, k))
    t.start()
    receive(s, 100 + k, results)
    t.join()
    s.close()
def serve(s):
    k = s.recv(1)[0]
    t = threading.Thread(target=send, args=(s, 100 + k))
    t.start()
    receive(s, k, results)
    t.join()
    s.close()
clients = [threading.Thread(target=client, args=(k,)) for k in range(4)]
for t in clients:
    t.start()
served = []
for _ in clients:
    s, _ = server.accept()
    served.append(threading.Thread(target=serve, args=(s,)))
    served[-1].start()
for t in clients + served:
    t.join()
print(len(results), all(results))
"
    )
}

/// Messages keep their borders and, from one sender, their order; none comes twice.
const MESSAGES: &str = "import socket, threading
a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
N = 40
def send():
    for i in range(N):
        a.send(b'%d' % i * (i % 7 + 1))
t = threading.Thread(target=send)
t.start()
got = [b.recv(1000) for _ in range(N)]
t.join()
print(got == [b'%d' % i * (i % 7 + 1) for i in range(N)])
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(('127.0.0.1', 0))
u.settimeout(1)
def shout(k):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for i in range(20):
            s.sendto(b'%d %d' % (k, i), u.getsockname())
threads = [threading.Thread(target=shout, args=(k,)) for k in range(3)]
for t in threads:
    t.start()
heard = [tuple(map(int, u.recv(100).split())) for _ in range(60)]
for t in threads:
    t.join()
print(all([i for k, i in heard if k == who] == list(range(20)) for who in range(3)))
";

fn run(source: &str, seed: u64, ticks: u32, handoff: Handoff) -> String {
    let r = Simulation { seed, ticks, handoff, record: false, image: Image::new() }.run(source);
    assert_eq!((r.exit, &r.outcome), (0, &Outcome::Finished), "{}", r.stderr);
    r.stdout
}

fn handoffs() -> impl Strategy<Value = Handoff> {
    prop_oneof![Just(Handoff::Fair), Just(Handoff::Fifo), Just(Handoff::Contend)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn bytes_arrive_whole_in_order_and_once(
        seed in any::<u64>(),
        ticks in 1u32..=1000,
        handoff in handoffs(),
        pieces in prop::collection::vec(0usize..3000, 1..6),
        read in 1usize..2000,
        buffer in 1usize..5000,
    ) {
        prop_assert_eq!(run(&streams(&pieces, read.max(50), buffer), seed, ticks, handoff), "8 True\n");
    }

    #[test]
    fn messages_keep_their_borders_and_order(seed in any::<u64>(), ticks in 1u32..=1000, handoff in handoffs()) {
        prop_assert_eq!(run(MESSAGES, seed, ticks, handoff), "True\nTrue\n");
    }
}
