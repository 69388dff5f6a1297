"""Disassembler of Gilbert's bytecode.

It has the names of CPython's module; the instructions are Gilbert's own (`gilbert dis` explains them)."""

import sys
import types
from collections import namedtuple

import _opcode

__all__ = ["code_info", "dis", "disassemble", "distb", "disco", "findlinestarts", "findlabels", "show_code",
           "get_instructions", "Instruction", "Bytecode", "opmap", "opname"]

opname = list(_opcode.names())
opmap = {name: i for i, name in enumerate(opname)}
hasconst = _opcode.with_operand("const")
hasname = _opcode.with_operand("name")
haslocal = _opcode.with_operand("local")
hasjump = _opcode.with_operand("jump")
hasjabs = hasjump
hasjrel = []
hasfree = [opmap[n] for n in ("LOAD_CLOSURE", "LOAD_DEREF", "STORE_DEREF", "DELETE_DEREF") if n in opmap]
hascompare = [opmap["COMPARE_OP"]]
cmp_op = ('<', '<=', '==', '!=', '>', '>=')
HAVE_ARGUMENT = 0
EXTENDED_ARG = -1

COMPILER_FLAG_NAMES = {
    1: "OPTIMIZED",
    2: "NEWLOCALS",
    4: "VARARGS",
    8: "VARKEYWORDS",
    16: "NESTED",
    32: "GENERATOR",
    64: "NOFREE",
    128: "COROUTINE",
    256: "ITERABLE_COROUTINE",
    512: "ASYNC_GENERATOR",
    0x4000000: "HAS_DOCSTRING",
    0x8000000: "METHOD",
}

Positions = namedtuple("Positions", ["lineno", "end_lineno", "col_offset", "end_col_offset"], defaults=[None] * 4)

_Instruction = namedtuple(
    "_Instruction",
    ["opname", "opcode", "arg", "argval", "argrepr", "offset", "starts_line", "line_number", "is_jump_target", "positions"])


class Instruction(_Instruction):
    """One instruction: name, number, operand, its meaning, the offset as `frame.f_lasti` counts it, place."""

    @property
    def oparg(self):
        return self.arg

    @property
    def baseopname(self):
        return self.opname

    @property
    def baseopcode(self):
        return self.opcode

    @property
    def start_offset(self):
        return self.offset

    @property
    def end_offset(self):
        return self.offset + 2

    @property
    def jump_target(self):
        return self.argval if self.opcode in hasjump else None


def _code_of(x):
    if isinstance(x, types.MethodType):
        x = x.__func__
    for attribute in ("__code__", "gi_code", "ag_code", "cr_code"):
        if hasattr(x, attribute):
            x = getattr(x, attribute)
            break
    if isinstance(x, str):
        try:
            x = compile(x, "<disassembly>", "eval")
        except SyntaxError:
            x = compile(x, "<disassembly>", "exec")
    if not hasattr(x, "co_code"):
        raise TypeError("don't know how to disassemble %s objects" % type(x).__name__)
    return x


def get_instructions(x, *, first_line=None, show_caches=None, adaptive=False):
    """Iterate over the instructions of a function, method, generator, source text or code object."""
    code = _code_of(x)
    shift = 0 if first_line is None else first_line - code.co_firstlineno
    last = None
    for number, offset, arg, argval, argrepr, target, place in _opcode.instructions(code):
        positions = Positions(*place)
        line = positions.lineno
        if line is not None:
            line += shift
        starts = line is not None and line != last
        last = line
        yield Instruction(opname[number], number, arg, argval, argrepr, offset, starts, line, target, positions)


def findlinestarts(code):
    """Pairs (offset, line) for the offsets at which lines begin."""
    last = False
    for start, end, line in code.co_lines():
        if line is not last:
            last = line
            yield start, line


def findlabels(code):
    """The offsets that jumps go to."""
    code = _code_of(code)
    return sorted({i.argval for i in get_instructions(code) if i.opcode in hasjump})


def disassemble(code, lasti=-1, *, file=None, show_caches=False, adaptive=False, show_offsets=False, show_positions=False):
    """Print the instructions of one code object."""
    _print(_listing(code, lasti), file)


def _listing(code, lasti=-1):
    lines = []
    for i in get_instructions(code):
        if i.starts_line and lines:
            lines.append("")
        number = str(i.line_number) if i.starts_line else ""
        arrow = "-->" if i.offset == lasti else "   "
        label = ">>" if i.is_jump_target else "  "
        text = f"{number:>4} {arrow} {label} {i.offset:>5} {i.opname:<24}"
        if i.arg is not None:
            text += f" {i.arg:>4}"
            if i.argrepr:
                text += f" ({i.argrepr})"
        lines.append(text.rstrip())
    return "\n".join(lines)


def _print(text, file):
    print(text, file=file)


disco = disassemble


def dis(x=None, *, file=None, depth=None, show_caches=False, adaptive=False, show_offsets=False, show_positions=False):
    """Print the bytecode of a function, method, class, module, generator, source text or code object; without an argument that
    of the last traceback."""
    if x is None:
        return distb(file=file)
    if isinstance(x, (type, types.ModuleType)):
        for name, member in sorted(x.__dict__.items()):
            if isinstance(member, (staticmethod, classmethod)):
                member = member.__func__
            if isinstance(member, (types.FunctionType, types.MethodType, types.CodeType, type)):
                _print(f"Disassembly of {name}:", file)
                try:
                    dis(member, file=file, depth=depth)
                except TypeError as e:
                    _print(f"Sorry: {e}", file)
                _print("", file)
        return
    _recursive(_code_of(x), file, depth)


def _recursive(code, file, depth):
    disassemble(code, file=file)
    if depth is not None:
        if depth <= 0:
            return
        depth -= 1
    for const in code.co_consts:
        if hasattr(const, "co_code"):
            _print(f"\nDisassembly of {const!r}:", file)
            _recursive(const, file, depth)


def distb(tb=None, *, file=None, show_caches=False, adaptive=False, show_offsets=False, show_positions=False):
    """Print the bytecode of a traceback's innermost frame, the failing instruction marked."""
    if tb is None:
        last = getattr(sys, "last_exc", None)
        if last is None:
            raise RuntimeError("no last traceback to disassemble")
        tb = last.__traceback__
    while tb.tb_next:
        tb = tb.tb_next
    disassemble(tb.tb_frame.f_code, tb.tb_lasti, file=file)


def pretty_flags(flags):
    """The names of a code object's flags."""
    names = []
    for bit in range(32):
        flag = 1 << bit
        if flags & flag:
            names.append(COMPILER_FLAG_NAMES.get(flag, hex(flag)))
            flags ^= flag
            if not flags:
                break
    return ", ".join(names) or hex(flags)


def code_info(x):
    """What there is to know of a code object, in lines of text."""
    co = _code_of(x)
    lines = [
        f"Name:              {co.co_name}",
        f"Filename:          {co.co_filename}",
        f"Argument count:    {co.co_argcount}",
        f"Positional-only arguments: {co.co_posonlyargcount}",
        f"Kw-only arguments: {co.co_kwonlyargcount}",
        f"Number of locals:  {co.co_nlocals}",
        f"Stack size:        {co.co_stacksize}",
        f"Flags:             {pretty_flags(co.co_flags)}",
    ]
    for title, values in [("Constants", [repr(c) for c in co.co_consts]), ("Names", co.co_names), ("Variable names", co.co_varnames),
                          ("Free variables", co.co_freevars), ("Cell variables", co.co_cellvars)]:
        if values:
            lines.append(f"{title}:")
            lines += [f"{i:4}: {v}" for i, v in enumerate(values)]
    return "\n".join(lines)


def show_code(co, *, file=None):
    """Print what `code_info` says."""
    print(code_info(co), file=file)


def stack_effect(opcode, oparg=None, /, *, jump=None):
    raise NotImplementedError("Gilbert's stack effects depend on operands that CPython's opcodes do not have")


class Bytecode:
    """The instructions of something, to be iterated over or shown."""

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False, adaptive=False, show_offsets=False,
                 show_positions=False):
        self.codeobj = _code_of(x)
        self.first_line = self.codeobj.co_firstlineno if first_line is None else first_line
        self._original = x
        self.current_offset = current_offset

    def __iter__(self):
        return get_instructions(self.codeobj, first_line=self.first_line)

    def __repr__(self):
        return f"{type(self).__name__}({self._original!r})"

    @classmethod
    def from_traceback(cls, tb, **options):
        while tb.tb_next:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti)

    def info(self):
        return code_info(self.codeobj)

    def dis(self):
        return _listing(self.codeobj, -1 if self.current_offset is None else self.current_offset) + "\n"
