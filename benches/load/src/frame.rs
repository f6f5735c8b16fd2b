//! WebSocket frames, as far as this program needs them: whole messages of less than 64 KiB, masked
//! with zeros.

/// The opcode of a text frame.
pub const TEXT: u8 = 1;
/// The opcode of a close frame.
pub const CLOSE: u8 = 8;
/// The opcode of a ping.
pub const PING: u8 = 9;
/// The opcode of a pong.
pub const PONG: u8 = 10;

const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;
const MASK: [u8; 4] = [0; 4];

/// A frame as a server writes it.
pub fn unmasked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = header(opcode, payload.len(), 0);
    frame.extend_from_slice(payload);
    frame
}

/// A frame as a client writes it. A mask of zeros is a valid one and leaves the payload as it is.
pub fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = header(opcode, payload.len(), MASKED);
    frame.extend_from_slice(&MASK);
    frame.extend_from_slice(payload);
    frame
}

fn header(opcode: u8, length: usize, mask_bit: u8) -> Vec<u8> {
    let mut frame = vec![FINAL | opcode];
    match u8::try_from(length) {
        Ok(short) if short < 126 => frame.push(mask_bit | short),
        _ => {
            frame.push(mask_bit | 126);
            frame.extend_from_slice(&u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    frame
}

/// Finds the frames in what a socket gives, wherever it cuts them.
#[derive(Debug, Default)]
pub struct FrameReader {
    partial: Vec<u8>,
}

impl FrameReader {
    /// Calls `each` with the opcode and the payload of every frame that is complete by now.
    pub fn feed(&mut self, bytes: &[u8], mut each: impl FnMut(u8, &[u8])) {
        if self.partial.is_empty() {
            let used = split(bytes, &mut each);
            self.partial.extend_from_slice(&bytes[used..]);
        } else {
            self.partial.extend_from_slice(bytes);
            let used = split(&self.partial, &mut each);
            self.partial.drain(..used);
        }
    }
}

/// Says how many bytes the complete frames have together.
fn split(bytes: &[u8], each: &mut impl FnMut(u8, &[u8])) -> usize {
    let mut used = 0;
    while let Some((opcode, payload, length)) = first(&bytes[used..]) {
        each(opcode, payload);
        used += length;
    }
    used
}

/// The opcode and the payload of the first frame, and the length of the whole of it.
fn first(bytes: &[u8]) -> Option<(u8, &[u8], usize)> {
    let (&opcode, &length) = (bytes.first()?, bytes.get(1)?);
    let mask = if length & MASKED == 0 { 0 } else { MASK.len() };
    let (start, payload) = match length & !MASKED {
        126 => (4 + mask, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
        short => (2 + mask, usize::from(short)),
    };
    let end = start + payload;
    Some((opcode & 0x0F, bytes.get(start..end)?, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_wherever_they_are_cut() {
        let long = vec![b'x'; 300];
        let stream = [masked(TEXT, b"one"), unmasked(PING, b""), unmasked(TEXT, &long)].concat();
        for cut in 0..stream.len() {
            let mut reader = FrameReader::default();
            let mut frames = Vec::new();
            for part in [&stream[..cut], &stream[cut..]] {
                reader.feed(part, |opcode, payload| frames.push((opcode, payload.to_vec())));
            }
            let expected = [(TEXT, b"one".to_vec()), (PING, Vec::new()), (TEXT, long.clone())];
            assert_eq!(frames, expected, "cut at {cut}");
        }
    }
}
