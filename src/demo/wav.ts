const rate = 8000

/**
 * A recording that any player opens: mono PCM of 8 bits at 8 kHz, as telephone exchanges write it, with a few tones that
 * differ from call to call. The INFO chunk names the call as recorders do, never a person.
 */
export function toneWav(call: number, reference: string, seconds = 0.4): Buffer {
  const samples = Math.floor(rate * seconds)
  const data = Buffer.alloc(samples + (samples % 2), 128)
  for (let i = 0; i < samples; i++) {
    const note = 300 + ((call * 97 + Math.floor((i * 4) / samples) * 131) % 500)
    const fade = Math.min(1, i / 200, (samples - i) / 200)
    data[i] = 128 + Math.round(60 * fade * Math.sin((2 * Math.PI * note * i) / rate))
  }
  const format = Buffer.alloc(16)
  format.writeUInt16LE(1, 0) // PCM
  format.writeUInt16LE(1, 2) // one channel
  format.writeUInt32LE(rate, 4)
  format.writeUInt32LE(rate, 8) // bytes a second
  format.writeUInt16LE(1, 12) // bytes a sample
  format.writeUInt16LE(8, 14) // bits a sample
  const info = Buffer.concat([Buffer.from('INFO'), chunk('INAM', Buffer.from(`${reference}\0`))])
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('fmt ', format),
    chunk('LIST', info),
    chunk('data', data.subarray(0, samples)),
  ])
  return chunk('RIFF', body)
}

/** RIFF pads a chunk to an even length and does not count the pad. */
function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 0, 'ascii')
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat(content.length % 2 ? [head, content, Buffer.alloc(1)] : [head, content])
}
