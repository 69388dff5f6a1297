//! What `site` adds to the builtins of a Python: `exit`, `quit`, `help`.

use crate::error::{Exc, PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Payload, layout_of};
use crate::types::native::{getter, method};
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `exit` and `quit`: the name.
pub struct Quitter(&'static str);

impl Payload for Quitter {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Quitter {
        Quitter(self.0)
    }
}
impl Immutable for Quitter {}

/// The payload of `help`.
pub struct Helper;

impl Payload for Helper {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Helper {
        Helper
    }
}
impl Immutable for Helper {}

fn name(v: &Value) -> &'static str {
    v.get::<Quitter>().map_or("exit", |q| q.0)
}

fn quit(vm: &mut Vm, args: &[Value]) -> PyResult {
    let ty = vm.exc_type(Exc::SystemExit).clone();
    let code = if args[1].is_none() { vec![] } else { vec![args[1].clone()] };
    let e = vm.call(&ty, &code)?;
    Err(Raised(e))
}

fn help(vm: &mut Vm, args: &[Value]) -> PyResult {
    let pydoc = vm.import("pydoc")?;
    let f = vm.attr(&pydoc, "help")?;
    let given: Vec<Value> = args[1..].iter().filter(|v| !v.is_null()).cloned().collect();
    vm.call(&f, &given)
}

static QUITTER: TypeDef = TypeDef::new("Quitter", layout_of::<Quitter>())
    .methods(&[
        method("__call__(self, code=None)", quit),
        method("__repr__(self, /)", |vm, a| {
            let text = format!("Use {}() or Ctrl-D (i.e. EOF) to exit", name(&a[0]));
            Ok(vm.new_str(text))
        }),
    ])
    .getset(&[getter("name", |vm, v| Ok(vm.new_str(name(v))))]);
static HELPER: TypeDef = TypeDef::new("_Helper", layout_of::<Helper>()).methods(&[
    method("__call__(self, request=NULL, /)", help),
    method("__repr__(self, /)", |vm, _| Ok(vm.new_str("Type help() for interactive help, or help(object) for help about object."))),
]);

/// Adds them.
pub fn add(vm: &mut Vm, builtins: &Value) {
    for name in ["exit", "quit"] {
        let q = vm.new_native(&QUITTER, Quitter(name));
        vm.dict_set_text(builtins, name, q);
    }
    let h = vm.new_native(&HELPER, Helper);
    vm.dict_set_text(builtins, "help", h);
}
