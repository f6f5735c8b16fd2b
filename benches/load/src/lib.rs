//! The speed of the generated layer as a ratio to what the sockets themselves cost.
//!
//! One process is the client of all servers: it starts one, opens sockets, makes it deliver
//! messages for a second or two and reads from the kernel how much CPU the server took. Servers
//! take turns, so that what else the machine does falls on all of them; the middle one of several
//! rounds counts.

pub mod client;
pub mod contest;
pub mod contestant;
pub mod dialect;
pub mod frame;
pub mod process;
pub mod report;
pub mod scenario;
pub mod swarm;

/// Turns off the collecting of small writes, as every server here does: a server that lets the
/// kernel put messages off pays less for each and is compared with nothing.
pub fn send_at_once(stream: &mut tokio::net::TcpStream) {
    // A socket that is gone already needs nothing.
    let _ = stream.set_nodelay(true);
}
