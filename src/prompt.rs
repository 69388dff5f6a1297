//! The prompt: history, several lines, `sys.displayhook`.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use gilbert_parser::Interactive;
use gilbert_vm::compile::Mode;
use gilbert_vm::error::Exc;
use gilbert_vm::gil::{DEFAULT_BOUND, Gil, Handoff, Policy};
use gilbert_vm::image::Image;
use gilbert_vm::isolate::Settings;
use gilbert_vm::thread::run_isolate;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::World;
use gilbert_vm::world::native::{NativeOptions, NativeWorld};
use rustyline::error::ReadlineError;
use std::io::IsTerminal;
use std::sync::Arc;

/// Runs the prompt; without a terminal, what comes on standard input. Gives the exit code.
pub fn main() -> i32 {
    if !std::io::stdin().is_terminal() {
        return crate::cli::main(vec!["run".into(), "-".into()]);
    }
    let world: Arc<dyn World> = NativeWorld::new(NativeOptions::default());
    let gil = match Gil::new(Policy::Ticks(100), Handoff::Contend, world.clone(), DEFAULT_BOUND) {
        Ok(g) => Arc::new(g),
        Err(e) => {
            eprintln!("gilbert: {e}");
            return 70;
        }
    };
    println!("gilbert {} (Python 3.14 library). The GIL is released every 100 ticks. exit() or Ctrl-D ends.", env!("CARGO_PKG_VERSION"));
    let settings = Settings { path: vec![String::new()], ..Settings::default() };
    let exit = settings.exit.clone();
    let slot = exit.clone();
    run_isolate(Image::new(), world, gil, crate::run::library(), settings, move |vm| {
        let code = converse(vm);
        slot.set_code(code);
    });
    exit.code()
}

/// The number of the signal that Ctrl-C sends.
const SIGINT: i32 = 2;

fn converse(vm: &mut Vm) -> i32 {
    // Ctrl-C raises KeyboardInterrupt in what is running
    let _ = vm.watch_signal(SIGINT, false);
    vm.main_namespace();
    for (name, text) in [("ps1", ">>> "), ("ps2", "... ")] {
        let (sys, text) = (vm.iso().sys.clone(), vm.new_str(text));
        vm.dict_set_text(&sys, name, text);
    }
    let Ok(mut editor) = rustyline::DefaultEditor::new() else {
        eprintln!("gilbert: no line editor upon this terminal");
        return 70;
    };
    let history = std::env::var_os("HOME").map(|h| std::path::Path::new(&h).join(".gilbert_history"));
    if let Some(h) = &history {
        let _ = editor.load_history(h);
    }
    let code = loop {
        let prompts = [prompt(vm, "ps1"), prompt(vm, "ps2")];
        match read(&mut editor, &prompts) {
            Ok(Some(text)) => {
                if let Some(code) = obey(vm, &text) {
                    break code;
                }
            }
            Ok(None) => {}
            Err(ReadlineError::Interrupted) => println!("\nKeyboardInterrupt"),
            Err(_) => break 0,
        }
    };
    if let Some(h) = &history {
        let _ = editor.save_history(h);
    }
    vm.finish_process(code)
}

/// `sys.ps1` or `sys.ps2` as text; what a script deletes is empty.
fn prompt(vm: &mut Vm, name: &str) -> String {
    let (sys, key) = (vm.iso().sys.clone(), vm.intern(name));
    vm.dict_get_str(&sys, &key).and_then(|v| vm.str_text(&v).ok()).unwrap_or_default()
}

/// Reads lines until they make a statement.
fn read(editor: &mut rustyline::DefaultEditor, [first, more]: &[String; 2]) -> Result<Option<String>, ReadlineError> {
    let mut text = String::new();
    loop {
        let line = editor.readline(if text.is_empty() { first } else { more })?;
        text.push_str(&line);
        text.push('\n');
        if text.trim().is_empty() {
            return Ok(None);
        }
        let incomplete = matches!(gilbert_vm::deep::on_big_stack(|| gilbert_parser::parse_interactive(&text)), Ok(Interactive::Incomplete));
        if !incomplete {
            let _ = editor.add_history_entry(text.trim_end());
            return Ok(Some(text));
        }
    }
}

/// Runs what was typed; an exit code where it ends the prompt.
fn obey(vm: &mut Vm, text: &str) -> Option<i32> {
    let ns = vm.main_namespace();
    let options = vm.compile_options();
    let result = vm.compile(text, "<stdin>", Mode::Single, &options).and_then(|code| vm.run_code(&code, &ns, None));
    match result {
        Ok(_) => {}
        Err(e) if e.is_killed() => return Some(0),
        Err(e) if vm.is_exc(&e, Exc::SystemExit) => return Some(vm.system_exit_code(&e)),
        Err(e) => {
            vm.show_uncaught(e);
        }
    }
    vm.flush_stdio();
    None
}
