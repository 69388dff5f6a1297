"""A manager's objects live in a process of their own; everybody else has proxies."""
import multiprocessing


def sign(visitors, order, number):
    visitors[number] = f"visitor {number}"
    order.append(number)


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        visitors, order = manager.dict(), manager.list()
        processes = [multiprocessing.Process(target=sign, args=(visitors, order, i)) for i in range(5)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        print(dict(sorted(visitors.items())))
        print(sorted(order))
