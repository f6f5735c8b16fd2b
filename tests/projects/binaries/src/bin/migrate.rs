fn main() {
    println!("{}", binaries::alpha::NAME);
}
