pub const NAME: &str = "zebra";
