//! Writes the seeds to the folder named on the command line, a folder a target.

mod seeds;

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let corpus = std::env::args().nth(1).expect("a folder");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (target, texts) in seeds::seeds(&tests) {
        let folder = Path::new(&corpus).join(target);
        fs::create_dir_all(&folder)?;
        for (index, text) in texts.iter().enumerate() {
            fs::write(folder.join(format!("seed-{index}")), text)?;
        }
    }
    Ok(())
}
