"""Random graphs of greenlets: what each does is data, what happens is the trace. Used by tests/properties_greenlets.rs."""
import sys
from greenlet import GreenletExit, getcurrent, greenlet

class Fault(Exception):
    pass

def play(plans, steps):
    """Greenlets act by plan: (kind, target, flag). Gives what happened, in order."""
    trace, greens, left, kept = [], {}, [steps], []
    main = getcurrent()
    name_of = lambda g: "main" if g is main else next((n for n, o in greens.items() if o is g), "?")

    def act(me, plan):
        for kind, target, flag in plan:
            if left[0] <= 0:
                trace.append((me, "stop"))
                return me
            left[0] -= 1
            other = greens.get(target, main)
            trace.append((me, kind, target, bool(other), other.dead))
            try:
                if kind == "switch":
                    got = other.switch((me, flag)) if flag % 3 else other.switch()
                elif kind == "throw":
                    got = other.throw(Fault(me)) if flag % 2 else other.throw()
                elif kind == "key":
                    got = sorted([2, 1], key=lambda x: other.switch(x) and x)
                elif kind == "next":
                    it = iter(lambda: other.switch(flag), None)
                    got = next(it, "none")
                elif kind == "parent":
                    getcurrent().parent = other
                    got = name_of(getcurrent().parent)
                elif kind == "deep":
                    got = (lambda f: f(f, flag))(lambda f, n: f(f, n - 1) if n else other.switch(flag))
                elif kind == "new":
                    fresh = greenlet(lambda *a: act(target + "'", plan[:1]) if flag % 2 else a)
                    kept.append(fresh)
                    got = fresh.switch(me)
                elif kind == "raise":
                    raise Fault(me, flag)
                elif kind == "return":
                    return (me, flag)
                else:
                    got = (name_of(getcurrent()), getcurrent().dead, len(sys._getframe().f_code.co_name))
                trace.append((me, "got", repr(got)))
            except Fault as e:
                trace.append((me, "caught", e.args))
                if flag % 5 == 0:
                    raise
            except GreenletExit as e:
                trace.append((me, "exit", e.args))
                if flag % 4 == 0:
                    raise
            except ValueError as e:
                trace.append((me, "value error", str(e)))
            except TypeError as e:
                trace.append((me, "type error"))
            finally:
                if flag % 7 == 0:
                    trace.append((me, "finally", name_of(getcurrent())))
        return me

    for n, plan in plans.items():
        greens[n] = greenlet(lambda *a, n=n, plan=plan: (trace.append((n, "begins", repr(a))), act(n, plan))[1])
    for round in range(6):
        for n in plans:
            try:
                trace.append(("main", "result", repr(greens[n].switch(round))))
            except (Fault, GreenletExit, TypeError) as e:
                trace.append(("main", type(e).__name__, repr(e.args)))
    trace.append([(n, bool(g), g.dead) for n, g in greens.items()])
    return list(trace)
