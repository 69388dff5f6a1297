//! What one run was like: what `gilbert tune` and `gilbert compare` ask of the runs that they start.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use gilbert_lab::data::Data;
use gilbert_lab::json;
use gilbert_lab::outcome::Evaluated;
use gilbert_lab::target::Expr;
use gilbert_lab::trace::{self, About};
use gilbert_lab::tune::Measure;
use gilbert_vm::timeline::Log;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::Outcome;
use parking_lot::Mutex;
use std::path::Path;
use std::sync::Arc;

/// What must be true at the end, if anything, and what it was.
#[derive(Clone)]
pub struct Expectation {
    expr: Option<Arc<Expr>>,
    seen: Arc<Mutex<Option<Evaluated>>>,
}

impl Expectation {
    /// Parses the expression.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: Option<&str>) -> Result<Expectation, String> {
        let expr = text.map(|t| Expr::new(t, "--expect")).transpose()?.map(Arc::new);
        Ok(Expectation { expr, seen: Arc::default() })
    }
    /// Evaluates it in the main module.
    pub fn look(&self, vm: &mut Vm) {
        if let Some(expr) = &self.expr {
            *self.seen.lock() = Some(expr.is_true(vm));
        }
    }
    /// Writes what the run was like; gives exit code 0.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, out: &Path, log: &Log, about: About, code: i32, outcome: &Outcome) -> Result<i32, String> {
        let trace = trace::build(log, about, String::new(), |_| None);
        let ended = matches!(outcome, Outcome::Finished | Outcome::Until | Outcome::Idle(_));
        let seen = self.seen.lock().clone();
        let fine = match &seen {
            Some(Evaluated::Value(Data::Bool(ok))) => *ok,
            Some(_) => false,
            None => true,
        };
        let mut json = Measure::of(&trace, !(ended && fine && code == 0)).to_json();
        if let Some(Evaluated::Unknown(what)) = seen {
            json["unknown"] = what.into();
        }
        json["dropped"] = trace.dropped_note().into();
        json["outcome"] = json!(code);
        std::fs::write(out, json.to_string()).map_err(|e| format!("gilbert: {}: {e}", out.display()))?;
        Ok(0)
    }
}
