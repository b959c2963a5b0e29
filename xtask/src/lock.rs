//! `cargo xtask lock`.

use std::{error::Error, fs};

use crate::project::Spec;

/// Writes the lock that generation gives, or only compares it.
pub(crate) fn extend(check: bool) -> Result<(), Box<dyn Error>> {
    let spec = Spec::read("jasper")?;
    let extended = spec.generate()?.lock.to_string();
    let (path, current) = spec.lock();
    if extended == current {
        println!("{} is current", path.display());
        return Ok(());
    }
    if check {
        return Err(format!("{} lacks names; run `cargo xtask lock`", path.display()).into());
    }
    fs::write(&path, extended)?;
    println!("{} was extended", path.display());
    Ok(())
}
