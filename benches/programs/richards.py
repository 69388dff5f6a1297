class Task:
    def __init__(self, name, work, peers):
        self.name = name
        self.work = work
        self.peers = peers
        self.queue = []
        self.done = 0

    def runnable(self):
        return len(self.queue) > 0

    def step(self):
        packet = self.queue.pop(0)
        packet.hops += 1
        self.done += self.work(packet)
        if packet.hops < packet.limit:
            self.peers[packet.hops % len(self.peers)].queue.append(packet)


class Packet:
    __slots__ = ("hops", "limit", "data")

    def __init__(self, limit):
        self.hops = 0
        self.limit = limit
        self.data = [0, 1, 2, 3]


def device(packet):
    packet.data[packet.hops & 3] += 1
    return 1


def handler(packet):
    return sum(packet.data) & 1


def run(packets, limit):
    tasks = []
    for i in range(6):
        tasks.append(Task("t%d" % i, device if i % 2 else handler, tasks))
    for i in range(packets):
        tasks[i % 6].queue.append(Packet(limit))
    steps = 0
    while True:
        idle = True
        for t in tasks:
            if t.runnable():
                t.step()
                steps += 1
                idle = False
        if idle:
            return steps, [t.done for t in tasks]


print(run(60, 3000))
