"""Each process has a number of its own and knows its parent's."""
import multiprocessing
import os


def introduce(title):
    print(f"{title}: module {__name__}, process {os.getpid()}, parent {os.getppid()}")


def child(name):
    introduce("child")
    print("hello", name)


if __name__ == "__main__":
    introduce("main")
    process = multiprocessing.Process(target=child, args=("Ada",))
    process.start()
    process.join()
    print("exit code", process.exitcode)
