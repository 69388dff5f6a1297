"""As pipe.py, but main keeps its copy of the sending end: no EOFError can come, and the third recv() is a deadlock, which is reported."""
import multiprocessing


def talk(end):
    end.send("first")
    end.send("second")
    end.close()


if __name__ == "__main__":
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=talk, args=(there,))
    process.start()
    for _ in range(3):
        print("received", here.recv(), flush=True)
    process.join()
