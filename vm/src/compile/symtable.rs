//! Which scope every name belongs to: a first pass over the tree gathers what each block does with its names, a second one
//! resolves them from the outside in. After CPython 3.12's `Python/symtable.c`, with 3.14's annotation scopes (PEP 649)
//! and inlined comprehensions (PEP 709).

use gilbert_parser::ast::Ident;
use gilbert_parser::{Span, SyntaxError};
use indexmap::IndexMap;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Index of a scope.
pub type ScopeId = usize;

/// What kind of block a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// A module, or what `eval` and the prompt take.
    Module,
    /// A class body.
    Class,
    /// A function, lambda or comprehension.
    Function,
    /// The annotations of a function, class or module.
    Annotation,
    /// The lazily evaluated bound, constraints or default of a type variable.
    TypeVarBound,
    /// The lazily evaluated value of a `type` statement.
    TypeAlias,
    /// The type parameters of a generic function, class or alias.
    TypeParams,
}

impl ScopeKind {
    /// Whether names bound here are seen by the scopes inside.
    pub fn is_function_like(self) -> bool {
        !matches!(self, ScopeKind::Module | ScopeKind::Class)
    }
}

/// Which comprehension a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompKind {
    /// `[..]`
    List,
    /// `{..}`
    Set,
    /// `{k: v ..}`
    Dict,
    /// `(..)`
    Generator,
}

/// Where a name lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the block itself.
    Local,
    /// In a cell that inner blocks share.
    Cell,
    /// In an outer function's cell.
    Free,
    /// Declared `global`.
    GlobalExplicit,
    /// Bound nowhere in sight.
    GlobalImplicit,
}

/// What a block does with a name (bits of [`Symbol::flags`]).
pub mod def {
    /// Declared `global`.
    pub const GLOBAL: u32 = 1;
    /// Assigned.
    pub const LOCAL: u32 = 2;
    /// A parameter.
    pub const PARAM: u32 = 4;
    /// Declared `nonlocal`.
    pub const NONLOCAL: u32 = 8;
    /// Read.
    pub const USE: u32 = 16;
    /// Free in an inner block although the class binds it.
    pub const FREE_CLASS: u32 = 32;
    /// Bound by an import.
    pub const IMPORT: u32 = 64;
    /// Annotated.
    pub const ANNOT: u32 = 128;
    /// A comprehension's own variable.
    pub const COMP_ITER: u32 = 256;
    /// A type parameter.
    pub const TYPE_PARAM: u32 = 512;
    /// A cell because an inlined comprehension needs it to be one.
    pub const COMP_CELL: u32 = 1024;
    /// Bound in the block.
    pub const BOUND: u32 = LOCAL | PARAM | IMPORT | TYPE_PARAM;
}

/// A name in a block.
#[derive(Clone, Copy, Debug, Default)]
pub struct Symbol {
    /// Bits of [`def`].
    pub flags: u32,
    /// Where it lives, once resolved.
    pub place: Option<Place>,
}

/// A block and its names.
#[derive(Debug)]
pub struct Scope {
    /// What it is.
    pub kind: ScopeKind,
    /// Its name, as in tracebacks.
    pub name: Ident,
    /// The names, in order of appearance.
    pub symbols: IndexMap<Ident, Symbol>,
    /// The parameters in order.
    pub params: Vec<Ident>,
    /// Blocks inside.
    pub children: Vec<ScopeId>,
    /// Which comprehension it is, if one.
    pub comprehension: Option<CompKind>,
    /// Contains `yield`.
    pub is_generator: bool,
    /// Contains `await` or is `async`.
    pub is_coroutine: bool,
    /// Inside a function.
    pub nested: bool,
    /// Whether the comprehension is compiled in place.
    pub inlined: bool,
    /// A scope for annotations or type parameters directly in a class: it looks names up in the class's namespace.
    pub sees_class: bool,
    /// The class body has a `__class__` cell.
    pub needs_class_closure: bool,
    /// The class body has a `__classdict__` cell.
    pub needs_class_dict: bool,
    /// Some annotation is executed only under a condition.
    pub has_conditional_annotations: bool,
    /// `__conditional_annotations__` is used by the class's annotation function.
    pub needs_conditional_cell: bool,
    /// The annotations' scope, if there are annotations (module and class).
    pub annotation_block: Option<ScopeId>,
    has_free: bool,
    child_has_free: bool,
    in_conditional: bool,
    in_comp_target: bool,
    comp_iter_depth: u32,
    directives: Vec<(Ident, Span)>,
}

/// What distinguishes several scopes of one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// The body.
    Body,
    /// Its annotations.
    Annotations,
    /// Its type parameters.
    TypeParams,
    /// A type variable's bound.
    Bound,
    /// A type parameter's default.
    Default,
}

/// The key of a node's scope: nodes are told apart by where they lie in memory (nothing is read through it).
pub fn key<T>(node: &T, tag: Tag) -> (usize, Tag) {
    (std::ptr::from_ref(node) as usize, tag)
}

/// All scopes of a tree; the first is the outermost.
pub struct SymTable {
    /// The scopes.
    pub scopes: Vec<Scope>,
    pub(super) by_node: HashMap<(usize, Tag), ScopeId>,
}

impl SymTable {
    /// The scope of a node.
    pub fn scope_of(&self, key: (usize, Tag)) -> Option<ScopeId> {
        self.by_node.get(&key).copied()
    }

    /// What `scope` knows of `name` (already mangled).
    pub fn symbol(&self, scope: ScopeId, name: &str) -> Option<Symbol> {
        self.scopes[scope].symbols.get(name).copied()
    }

    /// The names of `scope` that live at `place`, or have one of `flags`, sorted.
    pub fn names_at(&self, scope: ScopeId, place: Place, flags: u32) -> Vec<Ident> {
        let mut names: Vec<Ident> =
            self.scopes[scope].symbols.iter().filter(|(_, s)| s.place == Some(place) || s.flags & flags != 0).map(|(n, _)| n.clone()).collect();
        names.sort();
        names
    }
}

/// `__name` inside a class becomes `_Class__name`.
pub fn mangle(class: Option<&Ident>, name: &Ident) -> Ident {
    let Some(class) = class else {
        return name.clone();
    };
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return name.clone();
    }
    let class = class.trim_start_matches('_');
    if class.is_empty() {
        return name.clone();
    }
    Arc::from(format!("_{class}{name}"))
}

pub(super) type Res<T = ()> = Result<T, SyntaxError>;

/// The first pass; `super::symbuild` walks the tree with it.
pub(super) struct Builder {
    pub table: SymTable,
    pub stack: Vec<ScopeId>,
    /// The class whose private names are mangled.
    pub class: Option<Ident>,
    pub future_annotations: bool,
}

impl Builder {
    pub fn new(future_annotations: bool) -> Builder {
        let mut builder = Builder { table: SymTable { scopes: Vec::new(), by_node: HashMap::new() }, stack: Vec::new(), class: None, future_annotations };
        builder.enter(Arc::from("<module>"), ScopeKind::Module, None, true);
        builder
    }

    pub fn current(&self) -> ScopeId {
        self.stack[self.stack.len() - 1]
    }

    pub fn cur(&mut self) -> &mut Scope {
        let id = self.current();
        &mut self.table.scopes[id]
    }

    /// Opens a scope. A detached one is not resolved: its code never runs.
    pub fn enter(&mut self, name: Ident, kind: ScopeKind, key: Option<(usize, Tag)>, attached: bool) -> ScopeId {
        let parent = self.stack.last().copied();
        let nested = parent.is_some_and(|p| {
            let parent = &self.table.scopes[p];
            parent.nested || parent.kind.is_function_like()
        });
        let id = self.table.scopes.len();
        // what stands in an iterable of a comprehension stays there, however deep
        let comp_iter_depth = self.stack.last().map_or(0, |&id| self.table.scopes[id].comp_iter_depth);
        self.table.scopes.push(Scope {
            kind,
            name,
            symbols: IndexMap::new(),
            params: Vec::new(),
            children: Vec::new(),
            comprehension: None,
            is_generator: false,
            is_coroutine: false,
            nested,
            inlined: false,
            sees_class: false,
            needs_class_closure: false,
            needs_class_dict: false,
            has_conditional_annotations: false,
            needs_conditional_cell: false,
            annotation_block: None,
            has_free: false,
            child_has_free: false,
            in_conditional: false,
            in_comp_target: false,
            comp_iter_depth,
            directives: Vec::new(),
        });
        if let Some(key) = key {
            self.table.by_node.insert(key, id);
        }
        if let Some(parent) = parent
            && attached
        {
            self.table.scopes[parent].children.push(id);
        }
        self.stack.push(id);
        id
    }

    pub fn leave(&mut self) {
        self.stack.pop();
    }

    /// Runs `visit` inside a condition, loop or `try`: annotations there are conditional.
    pub fn conditional(&mut self, visit: impl FnOnce(&mut Self) -> Res) -> Res {
        let before = self.cur().in_conditional;
        self.cur().in_conditional = true;
        visit(self)?;
        self.cur().in_conditional = before;
        Ok(())
    }

    pub fn is_conditional(&mut self) -> bool {
        self.cur().in_conditional
    }

    pub fn set_comp_target(&mut self, on: bool) {
        self.cur().in_comp_target = on;
    }

    pub fn in_comp_iter(&mut self) -> bool {
        self.cur().comp_iter_depth > 0
    }

    pub fn comp_iter(&mut self, visit: impl FnOnce(&mut Self) -> Res) -> Res {
        self.cur().comp_iter_depth += 1;
        visit(self)?;
        self.cur().comp_iter_depth -= 1;
        Ok(())
    }

    pub fn mangled(&self, name: &Ident) -> Ident {
        mangle(self.class.as_ref(), name)
    }

    pub fn lookup(&self, scope: ScopeId, name: &Ident) -> u32 {
        let name = self.mangled(name);
        self.table.symbol(scope, &name).map_or(0, |s| s.flags)
    }

    /// Notes that the current block does `flag` with `name`.
    pub fn define(&mut self, name: &Ident, flag: u32, span: Span) -> Res {
        let scope = self.current();
        self.define_in(scope, name, flag, span)
    }

    pub fn define_in(&mut self, scope: ScopeId, name: &Ident, flag: u32, span: Span) -> Res {
        let name = self.mangled(name);
        let block = &mut self.table.scopes[scope];
        let symbol = block.symbols.entry(name.clone()).or_default();
        if flag & symbol.flags & def::PARAM != 0 {
            let msg = format!("duplicate argument '{name}' in function definition");
            return Err(SyntaxError::new(msg, span));
        }
        if flag & symbol.flags & def::TYPE_PARAM != 0 {
            let msg = format!("duplicate type parameter '{name}'");
            return Err(SyntaxError::new(msg, span));
        }
        symbol.flags |= flag;
        if block.in_comp_target {
            if symbol.flags & (def::GLOBAL | def::NONLOCAL) != 0 {
                let msg = format!("comprehension inner loop cannot rebind assignment expression target '{name}'");
                return Err(SyntaxError::new(msg, span));
            }
            symbol.flags |= def::COMP_ITER;
        }
        if flag & def::PARAM != 0 {
            block.params.push(name);
        } else if flag & def::GLOBAL != 0 {
            self.table.scopes[0].symbols.entry(name).or_default().flags |= flag;
        }
        Ok(())
    }

    /// Remembers where a `global` or `nonlocal` stands, for errors found later.
    pub fn directive(&mut self, name: &Ident, span: Span) {
        let name = self.mangled(name);
        self.cur().directives.push((name, span));
    }

    /// Second pass: resolves all names.
    pub fn finish(mut self) -> Res<SymTable> {
        let mut free = Names::new();
        let mut sets = Sets::default();
        self.analyze(0, &mut sets, None, &mut free, None)?;
        Ok(self.table)
    }

    /// Resolves the names of `id` and of the blocks inside. `bound`: names of enclosing functions, `None` at the top.
    /// What stays free is added to `free`.
    fn analyze(&mut self, id: ScopeId, sets: &mut Sets, mut bound: Option<&mut Names>, free: &mut Names, class_entry: Option<ScopeId>) -> Res {
        let kind = self.table.scopes[id].kind;
        let mut local = Names::new();
        let mut new_free = Names::new();
        let mut new_bound = Names::new();
        let mut inner = Sets::default();
        let mut inlined_cells = Names::new();
        if kind == ScopeKind::Class {
            inner.global.extend(sets.global.iter().cloned());
            if let Some(bound) = &bound {
                new_bound.extend(bound.iter().cloned());
            }
        }
        for at in 0..self.table.scopes[id].symbols.len() {
            let mut resolver = Resolver { sets, bound: bound.as_deref_mut(), local: &mut local, free, class_entry };
            let place = self.resolve(id, at, &mut resolver)?;
            self.table.scopes[id].symbols[at].place = Some(place);
        }
        if kind == ScopeKind::Class {
            new_bound.insert(Arc::from("__class__"));
            new_bound.insert(Arc::from("__classdict__"));
            new_bound.insert(Arc::from("__conditional_annotations__"));
        } else {
            if kind.is_function_like() {
                new_bound.extend(local.iter().cloned());
            }
            if let Some(bound) = &bound {
                new_bound.extend(bound.iter().cloned());
            }
            inner.global.extend(sets.global.iter().cloned());
        }
        inner.type_params = sets.type_params.clone();
        let children = self.table.scopes[id].children.clone();
        for &child in &children {
            let child_free = self.analyze_child(id, child, &new_bound, &inner, class_entry)?;
            let child_scope = &self.table.scopes[child];
            let frees = child_scope.has_free || child_scope.child_has_free;
            let inline = matches!(child_scope.comprehension, Some(k) if k != CompKind::Generator) && !self.table.scopes[id].sees_class;
            let child_free = if inline {
                self.table.scopes[child].inlined = true;
                self.inline(id, child, child_free, &mut inlined_cells)
            } else {
                child_free
            };
            new_free.extend(child_free);
            self.table.scopes[id].child_has_free |= frees;
        }
        self.splice_inlined(id);
        if kind.is_function_like() {
            self.make_cells(id, &mut new_free, &inlined_cells);
        } else if kind == ScopeKind::Class {
            self.drop_class_names(id, &mut new_free);
        }
        self.update(id, bound.as_deref(), &new_free, &inlined_cells);
        free.extend(new_free);
        Ok(())
    }

    fn analyze_child(&mut self, parent: ScopeId, child: ScopeId, bound: &Names, sets: &Sets, class_entry: Option<ScopeId>) -> Res<Names> {
        let mut bound = bound.clone();
        let mut sets = sets.clone();
        let mut free = Names::new();
        let class_entry = if !self.table.scopes[child].sees_class {
            None
        } else if self.table.scopes[parent].kind == ScopeKind::Class {
            Some(parent)
        } else {
            class_entry
        };
        self.analyze(child, &mut sets, Some(&mut bound), &mut free, class_entry)?;
        Ok(free)
    }

    /// Where the `at`-th name of block `id` lives.
    fn resolve(&mut self, id: ScopeId, at: usize, known: &mut Resolver<'_>) -> Res<Place> {
        let block = &self.table.scopes[id];
        let Some((name, symbol)) = block.symbols.get_index(at) else {
            return Ok(Place::GlobalImplicit);
        };
        let (name, flags) = (name.clone(), symbol.flags);
        if flags & def::GLOBAL != 0 {
            if flags & def::NONLOCAL != 0 {
                return Err(self.directive_error(id, &name, "name '{}' is nonlocal and global"));
            }
            known.sets.global.insert(name.clone());
            if let Some(bound) = &mut known.bound {
                bound.remove(&name);
            }
            return Ok(Place::GlobalExplicit);
        }
        if flags & def::NONLOCAL != 0 {
            let Some(bound) = &known.bound else {
                let text = "nonlocal declaration not allowed at module level";
                return Err(self.directive_error(id, &name, text));
            };
            if !bound.contains(&name) {
                return Err(self.directive_error(id, &name, "no binding for nonlocal '{}' found"));
            }
            if known.sets.type_params.contains(&name) {
                let text = "nonlocal binding not allowed for type parameter '{}'";
                return Err(self.directive_error(id, &name, text));
            }
            self.table.scopes[id].has_free = true;
            known.free.insert(name);
            return Ok(Place::Free);
        }
        if flags & def::BOUND != 0 {
            known.local.insert(name.clone());
            known.sets.global.remove(&name);
            if flags & def::TYPE_PARAM != 0 {
                known.sets.type_params.insert(name);
            } else {
                known.sets.type_params.remove(&name);
            }
            return Ok(Place::Local);
        }
        if let Some(class) = known.class_entry {
            let in_class = self.table.symbol(class, &name).map_or(0, |s| s.flags);
            if in_class & def::GLOBAL != 0 {
                return Ok(Place::GlobalExplicit);
            }
            if in_class & def::BOUND != 0 && in_class & def::NONLOCAL == 0 {
                return Ok(Place::GlobalImplicit);
            }
        }
        if known.bound.as_ref().is_some_and(|b| b.contains(&name)) {
            self.table.scopes[id].has_free = true;
            known.free.insert(name);
            return Ok(Place::Free);
        }
        if !known.sets.global.contains(&name) && self.table.scopes[id].nested {
            self.table.scopes[id].has_free = true;
        }
        Ok(Place::GlobalImplicit)
    }

    fn directive_error(&self, id: ScopeId, name: &Ident, text: &str) -> SyntaxError {
        let span = self.table.scopes[id].directives.iter().find(|(n, _)| n == name).map_or(Span::at(0), |(_, span)| *span);
        SyntaxError::new(text.replace("{}", name), span)
    }

    /// Merges the names of an inlined comprehension into the block around it; what stays free of `comp_free`.
    fn inline(&mut self, id: ScopeId, comp: ScopeId, mut comp_free: Names, inlined_cells: &mut Names) -> Names {
        let in_class = self.table.scopes[id].kind == ScopeKind::Class;
        let names: Vec<(Ident, Symbol)> = self.table.scopes[comp].symbols.iter().map(|(n, s)| (n.clone(), *s)).collect();
        for (name, symbol) in names {
            if symbol.flags & def::PARAM != 0 {
                continue;
            }
            if symbol.place == Some(Place::Cell) || symbol.flags & def::COMP_CELL != 0 {
                inlined_cells.insert(name.clone());
            }
            match self.table.symbol(id, &name) {
                None => {
                    let mut symbol = symbol;
                    if symbol.place == Some(Place::Free) && in_class && &*name == "__class__" {
                        symbol.place = Some(Place::GlobalImplicit);
                        comp_free.remove(&name);
                        self.table.scopes[comp].symbols[&name].place = symbol.place;
                    }
                    self.table.scopes[id].symbols.insert(name, symbol);
                }
                Some(outer) if outer.flags & def::BOUND != 0 => {
                    if !in_class && !self.free_in_any_child(comp, &name) {
                        comp_free.remove(&name);
                    }
                }
                Some(_) => {}
            }
        }
        comp_free
    }

    fn free_in_any_child(&self, id: ScopeId, name: &Ident) -> bool {
        self.table.scopes[id].children.iter().any(|&c| self.table.symbol(c, name).and_then(|s| s.place) == Some(Place::Free))
    }

    /// The blocks inside an inlined comprehension are now blocks of the one around it.
    fn splice_inlined(&mut self, id: ScopeId) {
        let mut children = Vec::new();
        for child in std::mem::take(&mut self.table.scopes[id].children) {
            if self.table.scopes[child].inlined {
                children.extend(self.table.scopes[child].children.iter().copied());
            } else {
                children.push(child);
            }
        }
        self.table.scopes[id].children = children;
    }

    /// Locals that inner blocks use become cells.
    fn make_cells(&mut self, id: ScopeId, free: &mut Names, inlined_cells: &Names) {
        for (name, symbol) in &mut self.table.scopes[id].symbols {
            if symbol.place != Some(Place::Local) {
                continue;
            }
            if free.contains(name) || inlined_cells.contains(name) {
                symbol.place = Some(Place::Cell);
                free.remove(name);
            }
        }
    }

    fn drop_class_names(&mut self, id: ScopeId, free: &mut Names) {
        let scope = &mut self.table.scopes[id];
        scope.needs_class_closure |= free.remove("__class__");
        scope.needs_class_dict |= free.remove("__classdict__");
        scope.needs_conditional_cell |= free.remove("__conditional_annotations__");
    }

    fn update(&mut self, id: ScopeId, bound: Option<&Names>, free: &Names, inlined_cells: &Names) {
        let scope = &mut self.table.scopes[id];
        let class_like = scope.kind == ScopeKind::Class || scope.sees_class;
        for (name, symbol) in &mut scope.symbols {
            if inlined_cells.contains(name) {
                symbol.flags |= def::COMP_CELL;
            }
        }
        for name in free {
            if let Some(symbol) = scope.symbols.get_mut(name) {
                if class_like && symbol.flags & (def::BOUND | def::GLOBAL) != 0 {
                    symbol.flags |= def::FREE_CLASS;
                }
                continue;
            }
            if bound.is_some_and(|b| !b.contains(name)) {
                continue;
            }
            let symbol = Symbol { flags: 0, place: Some(Place::Free) };
            scope.symbols.insert(name.clone(), symbol);
        }
    }
}

type Names = HashSet<Ident>;

/// Names that a block inherits.
#[derive(Clone, Default)]
struct Sets {
    global: Names,
    type_params: Names,
}

/// What `resolve` looks at and adds to.
struct Resolver<'a> {
    sets: &'a mut Sets,
    bound: Option<&'a mut Names>,
    local: &'a mut Names,
    free: &'a mut Names,
    class_entry: Option<ScopeId>,
}
