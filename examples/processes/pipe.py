"""A pipe has two ends. When nobody has the sending end any more, who receives gets EOFError; so main closes its own copy."""
import multiprocessing


def talk(end):
    end.send("first")
    end.send("second")
    end.close()


if __name__ == "__main__":
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=talk, args=(there,))
    process.start()
    there.close()
    try:
        while True:
            print("received", here.recv())
    except EOFError:
        print("nobody can send any more")
    process.join()
