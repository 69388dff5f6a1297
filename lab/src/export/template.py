"""One interleaving of a script's threads, forced on CPython (3.8 or later) by a trace function.

Recorded: @WHAT@
@NOTES@

Run it with python3. It ends with exit code 1 where the run fails (an uncaught exception in any thread, or the expectation is false at the
end), 3 at a deadlock, 5 where this Python does not come by the recorded steps, else with the script's own.

Before each opcode of the script CPython calls `trace`. A thread that comes to one of its gates below waits there until all gates before
that one have been passed.
"""

import os
import sys
import threading
import time
import traceback
import types

FILE = @FILE@
ARGV = @ARGV@
PATH = @PATH@
EXPECT = @EXPECT@
DEADLOCK = @DEADLOCK@

# who starts whom, in order; thread 0 is the main thread
CHILDREN = @CHILDREN@

# thread, function, line, what the opcode does, its name, at its so manieth execution, how the gate is passed:
# "step" waits for its turn, "enters" waits inside for others, "leaves" is the end of that, "blocks" never ends
GATES = @GATES@

SOURCE = @SOURCE@

PATIENCE = 10.0  # seconds until a gate that nobody passes is given up

CLASSES = {}
for word, names in {
    'load': 'LOAD_GLOBAL LOAD_NAME LOAD_FROM_DICT_OR_GLOBALS',
    'store': 'STORE_GLOBAL STORE_NAME',
    'delete': 'DELETE_GLOBAL DELETE_NAME',
    'attr': 'LOAD_ATTR LOAD_METHOD',
    'setattr': 'STORE_ATTR',
    'delattr': 'DELETE_ATTR',
    'deref': 'LOAD_DEREF LOAD_CLASSDEREF LOAD_FROM_DICT_OR_DEREF',
    'setderef': 'STORE_DEREF',
    'item': 'BINARY_SUBSCR BINARY_SLICE',
    'setitem': 'STORE_SUBSCR STORE_SLICE',
    'delitem': 'DELETE_SUBSCR',
    'for': 'FOR_ITER',
    'iter': 'GET_ITER',
    'in': 'CONTAINS_OP',
    'with': 'BEFORE_WITH SETUP_WITH',
    'exit': 'WITH_EXCEPT_START WITH_CLEANUP_START',
    'call': 'CALL CALL_KW CALL_FUNCTION CALL_FUNCTION_KW CALL_FUNCTION_EX CALL_METHOD',
    'compare': 'COMPARE_OP IS_OP',
    'unpack': 'UNPACK_SEQUENCE UNPACK_EX',
    'jump': 'POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE POP_JUMP_FORWARD_IF_FALSE POP_JUMP_FORWARD_IF_TRUE'
            ' POP_JUMP_BACKWARD_IF_FALSE POP_JUMP_BACKWARD_IF_TRUE',
}.items():
    for name in names.split():
        CLASSES[name] = word

COMPREHENSIONS = {'<listcomp>', '<setcomp>', '<dictcomp>'}


def places(code):
    """offset -> (line, class, name) of each opcode that a gate could stand at."""
    import dis
    out = {}
    line = code.co_firstlineno
    before = []
    for i in dis.get_instructions(code):
        if sys.version_info >= (3, 13):
            line = i.line_number or line
        else:
            line = i.starts_line or line
        word = CLASSES.get(i.opname)
        if i.opname == 'BINARY_OP':
            word = 'item' if i.argrepr == '[]' else 'op'
        elif word is None and (i.opname.startswith('BINARY_') or i.opname.startswith('INPLACE_')):
            word = 'op'
        if i.opname == 'COMPARE_OP' and i.argrepr in ('in', 'not in'):
            word = 'in'
        if word == 'call':
            plain = [b for b in before if b.opname not in ('PRECALL', 'CACHE', 'PUSH_NULL')]
            nones = plain[-3:]
            if i.opname == 'CALL' and len(nones) == 3 and all(b.opname == 'LOAD_CONST' and b.argval is None for b in nones):
                word = 'exit'
            elif i.opname == 'CALL_FUNCTION' and i.arg == 3 and [b.opname for b in nones] == ['LOAD_CONST', 'DUP_TOP', 'DUP_TOP']:
                word = 'exit'
            elif plain and plain[-1].opname in ('GET_ITER', 'GET_AITER'):
                word = None  # the call of a comprehension, which is no call since 3.12
        if word is not None:
            named = word in ('load', 'store', 'delete', 'attr', 'setattr', 'delattr', 'deref', 'setderef')
            out[i.offset] = (0 if word == 'exit' else line, word, str(i.argval) if named else '')
        before.append(i)
    return out


class Thread:
    def __init__(self, number):
        self.number = number
        self.gates = [(i,) + g[1:] for i, g in enumerate(GATES) if g[0] == number]
        self.next = 0
        self.counts = {}
        self.children = list(CHILDREN.get(number, []))
        self.passing = None


turn = 0
gate_lock = threading.Condition(threading.Lock())
threads = {0: Thread(0)}
by_ident = {threading.get_ident(): threads[0]}
code_places = {}
failed = []
diverged = []


def give_up(why):
    sys.stdout.flush()
    sys.stderr.write('this Python does not come by the recorded steps: %s\n' % why)
    sys.stderr.flush()
    os._exit(5)


def passed(number):
    """The gate has been passed: the next one's turn."""
    global turn
    with gate_lock:
        if turn == number:
            turn = number + 1
            gate_lock.notify_all()


def await_turn(me, number, what):
    limit = time.monotonic() + PATIENCE
    with gate_lock:
        while turn < number:
            seen = turn
            if not gate_lock.wait(max(0.0, limit - time.monotonic())) and turn == seen and time.monotonic() >= limit:
                give_up('thread %d waits at %s for step %d: %r' % (me.number, what, turn, GATES[turn]))
            if turn != seen:
                limit = time.monotonic() + PATIENCE


def finish(me):
    """The opcode at which the thread stood has been done."""
    number, me.passing = me.passing, None
    if number is not None:
        await_turn(me, number, 'the end of its wait')
        passed(number)


def come_by(me, code, function, offset):
    table = code_places.get(code)
    if table is None:
        table = code_places[code] = places(code)
    place = table.get(offset)
    if place is None:
        return
    key = (function,) + place
    count = me.counts[key] = me.counts.get(key, 0) + 1
    if me.next >= len(me.gates):
        return
    number, gfunction, gline, gclass, gname, gcount, mode = me.gates[me.next]
    if (gfunction, gline, gclass, gname) != key or gcount != count:
        return
    me.next += 1
    await_turn(me, number, '%s:%d' % (function, place[0]))
    if mode == 'step':
        me.passing = number
    elif mode == 'enters':
        # when it waits cannot be seen from here: a moment later it does
        follower = me.gates[me.next] if me.next < len(me.gates) else None
        if follower is not None and follower[6] == 'leaves':
            me.next += 1
            me.passing = follower[0]
        threading.Timer(0.05, passed, (number,)).start()
    else:
        passed(number)


def trace(frame, event, arg):
    code = frame.f_code
    if code.co_filename != FILE:
        return None
    me = by_ident.get(threading.get_ident())
    if me is None:
        return None
    function = code.co_name
    outer = frame
    while function in COMPREHENSIONS and outer.f_back is not None:
        outer = outer.f_back
        function = outer.f_code.co_name

    def step(frame, event, arg):
        if me.passing is not None:
            finish(me)
        if event == 'opcode':
            come_by(me, code, function, frame.f_lasti)
        return step

    if me.passing is not None:
        finish(me)
    frame.f_trace_opcodes = True
    return step


def instruction(code, offset):
    """For CPython since 3.12, whose trace functions do not see all opcodes of all threads: sys.monitoring (PEP 669) does."""
    if code.co_filename != FILE:
        return sys.monitoring.DISABLE
    me = by_ident.get(threading.get_ident())
    if me is not None:
        if me.passing is not None:
            finish(me)
        come_by(me, code, code.co_name, offset)


MONITORS = sys.version_info >= (3, 12)


def begin_tracing():
    if not MONITORS:
        sys.settrace(trace)
        return
    tool = sys.monitoring.DEBUGGER_ID
    if sys.monitoring.get_tool(tool) is None:
        sys.monitoring.use_tool_id(tool, 'gilbert')
        sys.monitoring.register_callback(tool, sys.monitoring.events.INSTRUCTION, instruction)
        sys.monitoring.set_events(tool, sys.monitoring.events.INSTRUCTION)


def enter(number):
    by_ident[threading.get_ident()] = threads.setdefault(number, Thread(number))
    begin_tracing()


def leave():
    if not MONITORS:
        sys.settrace(None)
    me = by_ident.pop(threading.get_ident(), None)
    if me is not None and me.passing is not None:
        finish(me)


def next_child():
    me = by_ident.get(threading.get_ident())
    return me.children.pop(0) if me is not None and me.children else None


start_thread = threading.Thread.start


def start(self):
    number = None if isinstance(self, threading.Timer) and self.function is passed else next_child()
    if number is not None:
        run = self.run

        def run_traced():
            enter(number)
            try:
                run()
            finally:
                leave()

        self.run = run_traced
    start_thread(self)


def hook(args):
    if args.exc_type is not SystemExit:
        failed.append(args.exc_type)
        traceback.print_exception(args.exc_type, args.exc_value, args.exc_traceback)


def watch():
    """Says so where all steps have been made and the threads wait for each other."""
    while turn < len(GATES):
        time.sleep(0.05)
    time.sleep(2.0)
    sys.stdout.flush()
    sys.stderr.write('deadlock: all %d recorded steps have been made, and the threads wait for each other\n' % len(GATES))
    import faulthandler
    faulthandler.dump_traceback()
    os._exit(3)


def main():
    threading.Thread.start = start
    threading.excepthook = hook
    if DEADLOCK:
        start_thread(threading.Thread(target=watch, daemon=True))
    module = types.ModuleType('__main__')
    module.__file__ = FILE
    sys.modules['__main__'] = module
    sys.argv = ARGV
    sys.path[:0] = PATH
    program = compile(SOURCE, FILE, 'exec', dont_inherit=True)
    import linecache
    linecache.cache[FILE] = (len(SOURCE), None, SOURCE.splitlines(True), FILE)
    code = 0
    begin_tracing()
    try:
        exec(program, module.__dict__)
    except SystemExit as e:
        code = e.code if isinstance(e.code, int) else 0 if e.code is None else 1
    except BaseException:
        traceback.print_exc()
        failed.append('main')
    finally:
        leave()
    for t in threading.enumerate():
        if t is not threading.current_thread() and not t.daemon and not isinstance(t, threading.Timer):
            t.join()
    if EXPECT is not None and not failed and code == 0:
        try:
            if not eval(EXPECT, module.__dict__):
                sys.stderr.write('%s is false\n' % EXPECT)
                failed.append('expect')
        except Exception:
            traceback.print_exc()
            failed.append('expect')
    if turn < len(GATES) and not failed:
        give_up('the script ended before step %d: %r' % (turn, GATES[turn]))
    sys.exit(code if code else 1 if failed else 0)


if __name__ == '__main__':
    main()
