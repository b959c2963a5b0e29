//! The lines of a case that say what its snapshot pins.

/// What a snapshot has besides the diagnostics and the public surface.
#[derive(Debug)]
pub(super) enum Pins {
    /// `# pins: surface`: nothing. The surface shows what the case is about: names and types.
    Surface,
    /// `# pins: names`: nothing, and of the surface the names alone. The case is about code that compiles under them.
    Names,
    /// `# pins: diagnostics`: nothing. The case is about what the generator reports.
    Diagnostics,
    /// `# pins: types Tone`: items of a module. A case about two modules has two lines.
    Modules(Vec<Items>),
    /// `# pins: everything`: all files, with nothing left out.
    Everything,
}

/// Items of a module, or members of `impl` blocks (`size`, `Tone::size`). Without items it is the whole module. A
/// module is a file and the files of the folder of its name; `operations` is the requests and the methods that make them.
#[derive(Debug)]
pub(super) struct Items {
    pub(super) module: String,
    pub(super) items: Vec<String>,
}

impl Pins {
    /// Reads the first lines of a document.
    pub(super) fn read(document: &str) -> Result<Self, String> {
        let mut modules = Vec::new();
        for line in document.lines().map_while(|line| line.strip_prefix("# pins:")) {
            let mut words = line.split_whitespace().map(str::to_owned);
            let Some(module) = words.next() else { break };
            modules.push(Items { module, items: words.collect() });
        }
        let alone = modules.iter().find_map(|Items { module, .. }| match module.as_str() {
            "surface" => Some(Self::Surface),
            "names" => Some(Self::Names),
            "diagnostics" => Some(Self::Diagnostics),
            "everything" => Some(Self::Everything),
            _ => None,
        });
        match (alone, modules.as_slice()) {
            (_, []) => Err("its first line is not of the form `# pins: types Tone`".to_owned()),
            (None, _) => Ok(Self::Modules(modules)),
            (Some(alone), [one]) if one.items.is_empty() => Ok(alone),
            (Some(alone), _) => Err(format!("{alone:?} stands alone").to_lowercase()),
        }
    }
}

impl Items {
    /// What a snapshot calls them.
    pub(super) fn title(&self) -> String {
        let Self { module, items } = self;
        let module = if module == "operations" { "Operations".to_owned() } else { format!("Module `{module}`") };
        if items.is_empty() { module } else { format!("{module}: {}", items.join(", ")) }
    }
}
