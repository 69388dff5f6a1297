//! The command `gilbert`.

use gilbert_stdlib::StdLibrary;
use gilbert_vm::gil::{DEFAULT_BOUND, Gil, Handoff, Policy};
use gilbert_vm::image::Image;
use gilbert_vm::isolate::Settings;
use gilbert_vm::start::Program;
use gilbert_vm::thread::run_isolate;
use gilbert_vm::world::World;
use gilbert_vm::world::native::{NativeOptions, NativeWorld};
use gilbert_vm::world::sim::{SimOptions, SimWorld};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let sim = args.first().is_some_and(|a| a == "--sim");
    if sim {
        args.remove(0);
    }
    let file = args.remove(0);
    let text = std::fs::read_to_string(&file).expect("a file");
    let world: Arc<dyn World> = if sim { SimWorld::new(SimOptions::default()) } else { NativeWorld::new(NativeOptions::default()) };
    let handoff = if sim { Handoff::Fair } else { Handoff::Contend };
    let gil = Arc::new(Gil::new(Policy::Ticks(100), handoff, world.clone(), DEFAULT_BOUND).expect("settings"));
    let dir = std::path::Path::new(&file).parent().map(|p| std::env::current_dir().unwrap_or_default().join(p)).unwrap_or_default();
    let mut path = vec![dir.to_string_lossy().into_owned()];
    path.extend(std::env::var("PYTHONPATH").unwrap_or_default().split(':').filter(|p| !p.is_empty()).map(String::from));
    let settings = Settings { argv: std::iter::once(file.clone()).chain(args).collect(), path, ..Settings::default() };
    let code = Arc::new(AtomicI32::new(0));
    let slot = code.clone();
    let outcome = run_isolate(Image::new(), world, gil, Arc::new(StdLibrary), settings, move |vm| {
        let p = Program::Source { text, name: file, file: true };
        slot.store(vm.run_program(&p), Ordering::SeqCst);
    });
    if outcome != gilbert_vm::world::Outcome::Finished {
        eprintln!("{outcome:?}");
    }
    std::process::exit(code.load(Ordering::SeqCst));
}
