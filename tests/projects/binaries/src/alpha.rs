pub const NAME: &str = "alpha";
