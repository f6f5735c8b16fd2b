use super::*;

fn serves_as(entry: &str, version: &str) -> bool {
    let manifest = format!("[dependencies]\nrandom = \"{entry}\"\n");
    serves(&dependencies(&manifest).unwrap()[0], &[], version)
}

#[test]
fn an_entry_serves_when_some_version_fits_both() {
    for good in [
        "0.3",
        "0.3.4",
        "^0.3.1",
        ">=0.2, <0.4",
        ">=0.3.2, <0.4",
        ">0.3.2, <=0.3.9",
        ">0.2",
        "0",
        "*",
    ] {
        assert!(serves_as(good, "0.3"), "{good}");
    }
    for bad in ["0.2", "=0.2.15", "<0.3", ">=0.1, <0.3", ">0.3", "0.4", "1"] {
        assert!(!serves_as(bad, "0.3"), "{bad}");
    }
    assert!(serves_as("1.2", "~1.0.5"));
}
