"""A queue carries objects from one process to another, as pickles."""
import multiprocessing


def cook(dishes):
    for dish in ("soup", "noodles", "tea"):
        dishes.put({"dish": dish})
    dishes.put(None)


if __name__ == "__main__":
    dishes = multiprocessing.Queue()
    process = multiprocessing.Process(target=cook, args=(dishes,))
    process.start()
    while (dish := dishes.get()) is not None:
        print("served", dish["dish"])
    process.join()
