//! Stepping through a run: somebody looks at the machine before each instruction of the script. Only observed runs can be stepped
//! through; others pay nothing.

use crate::error::PyResult;
use crate::value::Value;
use crate::vm::Vm;

/// Called before each instruction, with the GIL held and the frame's registers stored; `vm.calls()` tells which.
pub type Stepper = Box<dyn FnMut(&mut Vm)>;

/// A thread as a stepper shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// The variable.
    pub name: String,
    /// Its value in a few characters.
    pub value: String,
}

impl Vm {
    /// From now on this thread, and those that it starts, call `stepper` before each instruction.
    pub fn step_with(&mut self, stepper: Stepper) {
        self.iso_mut().stepper = Some(stepper);
        self.observed = true;
        self.stepping = true;
    }
    #[cold]
    pub(crate) fn step(&mut self) -> PyResult<()> {
        // out of the isolate while it runs: what it evaluates is not stepped through
        let Some(mut stepper) = self.iso_mut().stepper.take() else { return Ok(()) };
        stepper(self);
        self.iso_mut().stepper = Some(stepper);
        match self.iso().world.stopped() {
            true => Err(crate::error::Raised::KILLED),
            false => Ok(()),
        }
    }
    /// The variables of the innermost call, without running Python.
    pub fn locals_now(&self) -> Vec<Local> {
        let Some(f) = self.stack.frames.last() else { return Vec::new() };
        let names = f.code().proto.slot_names.iter();
        // SAFETY: F1: `base[..slots]` are values or absent, while the frame exists.
        let value = |i: usize| unsafe { &*f.base.add(i) };
        names
            .enumerate()
            .filter(|(i, _)| !value(*i).is_null())
            .map(|(i, name)| {
                let v = match value(i).borrow::<crate::types::function::Cell>(self) {
                    Some(cell) => cell.value.clone(),
                    None => value(i).clone(),
                };
                Local { name: name.to_string(), value: self.short_text(&v) }
            })
            .collect()
    }
    /// The value of an expression in the innermost call, as `repr` shows it. Runs Python: afterwards the run is no longer the one that it
    /// was.
    ///
    /// # Errors
    /// What the expression raises.
    pub fn evaluate_here(&mut self, text: &str) -> PyResult<String> {
        let Some(last) = self.stack.frames.len().checked_sub(1) else { return Ok(String::new()) };
        let frame = self.frame_object_at(last);
        let (globals, locals) = (self.attr(&frame, "f_globals")?, self.attr(&frame, "f_locals")?);
        let builtins = self.import("builtins")?;
        let eval = self.attr(&builtins, "eval")?;
        let text: Value = self.new_str(text.trim());
        let value = self.call(&eval, &[text, globals, locals])?;
        self.repr_text(&value)
    }
}
