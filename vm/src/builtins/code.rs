//! `compile`, `eval`, `exec`, `globals`, `locals`, `__import__`.

use crate::compile::{Mode, Options};
use crate::error::{Exc, PyResult, Raised};
use crate::special::{Name, Special};
use crate::types::dict::Dict;
use crate::types::function::{Cell, Code};
use crate::types::native::{NativeDef, function};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    function("__import__(name, globals=None, locals=None, fromlist=None, level=0)", import).doc("Import a module."),
    function("compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)", compile)
        .doc("Compile source into a code object that can be executed by exec() or eval()."),
    function("eval(source, /, globals=None, locals=None)", eval).doc("Evaluate the given source in the context of globals and locals."),
    function("exec(source, /, globals=None, locals=None, *, closure=None)", exec).doc("Execute the given source in the context of globals and locals."),
    function("globals()", |vm, _| vm.running_globals()).doc("Return the dictionary containing the current scope's global variables."),
    function("locals()", |vm, _| vm.running_locals()).doc("Return a dictionary containing the current scope's local variables."),
];

const PYCF_ONLY_AST: i64 = 0x400;
/// `PyCF_DONT_IMPLY_DEDENT`
const DONT_IMPLY_DEDENT: i64 = 0x200;
const FUTURE_ANNOTATIONS: i64 = 0x100_0000;
/// Flags that `compile` knows.
const KNOWN_FLAGS: i64 = 0xFFF_FFFF;

impl Vm {
    /// The globals of the running Python code.
    pub fn running_globals(&mut self) -> PyResult {
        match self.frame_object(0) {
            Some(f) => self.attr(&f, "f_globals"),
            None => Ok(self.main_namespace()),
        }
    }
    /// The locals of the running Python code, as `locals()` gives them.
    pub fn running_locals(&mut self) -> PyResult {
        match self.frame_object(0) {
            Some(f) => self.frame_locals_of(&f),
            None => Ok(self.main_namespace()),
        }
    }
    /// Whether the running code has `from __future__ import annotations`, which `eval`, `exec` and `compile` inherit.
    fn inherits_future_annotations(&mut self) -> bool {
        let Some(f) = self.frame_object(0) else { return false };
        let code = f.borrow::<crate::types::frame_obj::FrameObj>(self).map(|f| f.code.clone()).unwrap_or_default();
        code.get::<Code>().is_some_and(|c| c.proto.flags & crate::code::flags::FUTURE_ANNOTATIONS != 0)
    }
    /// Source given to `compile`, `eval` or `exec` as text.
    fn source_argument(&mut self, v: &Value, what: &str) -> PyResult<String> {
        if let Some(s) = v.get::<Str>() {
            let text = match s.as_str() {
                Some(t) => t.to_string(),
                None => {
                    let bytes = s.bytes().to_vec();
                    return match crate::text::codec::encode_utf8(&bytes) {
                        Err(e) => Err(self.num_err(e)),
                        Ok(_) => Ok(self.text(v)),
                    };
                }
            };
            if text.contains('\0') {
                return Err(self.plain_syntax_error("source code string cannot contain null bytes"));
            }
            return Ok(text);
        }
        if !self.is_buffer(v) {
            return Err(self.type_error(format!("{what} arg 1 must be a string, bytes or code object")));
        }
        let bytes = self.buffer_bytes(v)?;
        if bytes.contains(&0) {
            return Err(self.plain_syntax_error("source code string cannot contain null bytes"));
        }
        gilbert_parser::decode_source(&bytes).map_err(|e| self.plain_syntax_error(&e.msg))
    }
    /// A SyntaxError that names no place.
    pub fn plain_syntax_error(&mut self, msg: &str) -> Raised {
        let (ty, text) = (self.exc_type(Exc::SyntaxError).clone(), self.new_str(msg));
        match self.call(&ty, &[text]) {
            Ok(e) => Raised(e),
            Err(e) => e,
        }
    }
}

fn import(vm: &mut Vm, args: &[Value]) -> PyResult {
    let level = vm.to_i64(&args[4])?;
    let globals = if args[1].is_none() { vm.new_dict() } else { args[1].clone() };
    vm.import_level(&args[0], &globals, &args[3], level)
}

fn compile(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [source, filename, mode, flags, dont_inherit, optimize, _] = args else { unreachable!("bound") };
    let filename = match filename.get::<Str>() {
        Some(s) => s.lossy().into_owned(),
        None => vm.path_text(filename)?,
    };
    let mode_text = vm.expect_str(mode, "compile() argument 'mode'")?;
    let flags = vm.to_i64(flags)?;
    if flags & !KNOWN_FLAGS != 0 || flags < 0 {
        return Err(vm.value_error("compile(): unrecognised flags"));
    }
    let optimize = vm.to_i64(optimize)?;
    if !(-1..=2).contains(&optimize) {
        return Err(vm.value_error("compile(): invalid optimize value"));
    }
    if source.is_a::<Code>() {
        return Ok(source.clone());
    }
    if flags & PYCF_ONLY_AST != 0 {
        let m = vm.import("_ast")?;
        let f = vm.attr(&m, "_parse")?;
        return vm.call(&f, &[source.clone(), args[1].clone(), mode.clone()]);
    }
    let tree = is_tree(vm, source)?;
    let future = flags & FUTURE_ANNOTATIONS != 0 || (!vm.truthy(dont_inherit)? && vm.inherits_future_annotations());
    if tree {
        let m = vm.import("_ast")?;
        let f = vm.attr(&m, "_compile")?;
        let (flags, filename) = (if future { FUTURE_ANNOTATIONS } else { 0 }, vm.new_str(filename));
        let (flags, optimize) = (vm.new_int(flags), vm.new_int(optimize));
        return vm.call(&f, &[source.clone(), filename, mode.clone(), flags, optimize]);
    }
    let optimize = if optimize < 0 { vm.iso().settings.optimize } else { optimize as u8 };
    let mode = match mode_text.as_str() {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        "func_type" => return Err(vm.value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST")),
        _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    let text = vm.source_argument(source, "compile()")?;
    vm.compile(&text, &filename, mode, &Options { optimize, future_annotations: future, open_ended: flags & DONT_IMPLY_DEDENT != 0 })
}

/// Whether a value is a node of `ast`; where that module has not been imported, nothing is.
fn is_tree(vm: &mut Vm, v: &Value) -> PyResult<bool> {
    let (modules, name) = (vm.iso().modules.clone(), vm.intern("_ast"));
    match vm.dict_get_str(&modules, &name) {
        Some(m) if !v.is_a::<Str>() => {
            let f = vm.attr(&m, "_is_tree")?;
            Ok(vm.call(&f, &[v.clone()])?.is_true())
        }
        _ => Ok(false),
    }
}

/// The globals and locals to run in: what was given, or those of the running code.
fn scopes(vm: &mut Vm, what: &str, globals: &Value, locals: &Value) -> PyResult<(Value, Value)> {
    if !globals.is_none() && !globals.is_a::<Dict>() {
        let name = vm.type_name(globals);
        return Err(if what == "eval" {
            let mapping = vm.special(globals, Special::GetItem).is_some();
            vm.type_error(if mapping { "globals must be a real dict; try eval(code, {}, mapping)" } else { "globals must be a dict" })
        } else {
            vm.type_error(format!("exec() globals must be a dict, not {name}"))
        });
    }
    if !locals.is_none() && !locals.is_a::<Dict>() && vm.special(locals, Special::GetItem).is_none() {
        let name = vm.type_name(locals);
        return Err(if what == "eval" {
            vm.type_error("locals must be a mapping")
        } else {
            vm.type_error(format!("locals must be a mapping or None, not {name}"))
        });
    }
    let (g, l) = if globals.is_none() {
        let l = if locals.is_none() { vm.running_locals()? } else { locals.clone() };
        (vm.running_globals()?, l)
    } else {
        (globals.clone(), if locals.is_none() { globals.clone() } else { locals.clone() })
    };
    // new globals see the builtins of the caller
    let key = vm.name(Name::DunderBuiltins);
    if vm.dict_get_str(&g, &key).is_none() {
        let b = match vm.frame_object(0) {
            Some(f) => vm.attr(&f, "f_builtins")?,
            None => vm.iso().builtins.clone(),
        };
        vm.dict_set_str(&g, &key, b);
    }
    Ok((g, l))
}

fn eval(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (g, l) = scopes(vm, "eval", &args[1], &args[2])?;
    let code = match args[0].get::<Code>() {
        Some(c) => {
            if !c.proto.freevars.is_empty() {
                return Err(vm.type_error("code object passed to eval() may not contain free variables"));
            }
            args[0].clone()
        }
        None => {
            let text = vm.source_argument(&args[0], "eval()")?;
            let future_annotations = vm.inherits_future_annotations();
            let options = Options { future_annotations, ..vm.compile_options() };
            vm.compile(text.trim_start_matches([' ', '\t']), "<string>", Mode::Eval, &options)?
        }
    };
    vm.run_code(&code, &g, Some(&l))
}

fn exec(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (g, l) = scopes(vm, "exec", &args[1], &args[2])?;
    let closure = &args[3];
    if args[0].is_a::<Code>() {
        let free = args[0].get::<Code>().map_or(0, |c| c.proto.freevars.len());
        if free > 0 {
            let cells = closure.get::<Tuple>().filter(|t| t.items().len() == free && t.items().iter().all(|c| c.is_a::<Cell>()));
            if cells.is_none() {
                return Err(vm.type_error(format!("code object requires a closure of exactly length {free}")));
            }
            let builtins = vm.builtins_of(&g)?;
            let f = vm.new_python_function(args[0].clone(), g, builtins);
            vm.set_function_attribute(&f, 8, closure.clone());
            return vm.call_function_with_locals(&f, &l).map(|_| Value::NONE);
        }
        if !closure.is_none() {
            return Err(vm.type_error("cannot use a closure with this code object"));
        }
        vm.run_code(&args[0], &g, Some(&l))?;
        return Ok(Value::NONE);
    }
    if !closure.is_none() {
        return Err(vm.type_error("closure argument requires a code object"));
    }
    let text = vm.source_argument(&args[0], "exec()")?;
    let future_annotations = vm.inherits_future_annotations();
    let options = Options { future_annotations, ..vm.compile_options() };
    let code = vm.compile(&text, "<string>", Mode::Exec, &options)?;
    vm.run_code(&code, &g, Some(&l))?;
    Ok(Value::NONE)
}
