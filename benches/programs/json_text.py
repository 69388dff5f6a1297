import json


def records(n):
    return [{"id": i, "name": "item %d" % i, "price": i * 0.25, "tags": ["a", "b\u4e2d", None, True], "inner": {"x": [i, i + 1]}} for i in range(n)]


def f(n, rounds):
    data = records(n)
    size = 0
    for _ in range(rounds):
        text = json.dumps(data)
        size += len(text)
        data = json.loads(text)
    pretty = json.dumps(data[:200], indent=2, sort_keys=True)
    return size, len(pretty), data[-1]["name"]


print(f(2000, 25))
