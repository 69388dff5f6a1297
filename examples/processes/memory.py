"""A child gets a clone of its parent's objects; what it changes then is its own. Only what is made to be shared is shared."""
import multiprocessing

private = [1]
shared = multiprocessing.Value("i", 1)


def change():
    private.append(2)
    with shared.get_lock():
        shared.value += 1
    print("in the child:", private, shared.value)


if __name__ == "__main__":
    process = multiprocessing.Process(target=change)
    process.start()
    process.join()
    print("in main:", private, shared.value)
