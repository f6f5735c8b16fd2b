pub mod zebra;
pub mod alpha;

#[cfg(test)]
mod tests {
    #[test]
    fn letters_have_names() {
        assert_ne!(super::alpha::NAME, super::zebra::NAME);
    }
}
