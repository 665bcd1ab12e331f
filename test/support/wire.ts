import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

/** A cable between Lethe and a database server, which can be pulled. */
export interface Wire {
  /** The server's own address, by way of this cable. */
  through(url: string): string
  /** Ends every connection, and refuses new ones until `up`. */
  down(): Promise<void>
  up(): Promise<void>
  /** The n-th commit of a writing transaction from now reaches the server, and its answer nobody. */
  loseCommit(nth: number): void
  /** Whether that happened. */
  readonly lost: boolean
  close(): Promise<void>
}

/** Relays to the server at `url`, on a loopback port of its own. */
export async function wireTo(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let left = 0
  let lost = false
  const isLost = (text: string): boolean => /COMMIT(?!TED)/.test(text) && left > 0 && --left === 0
  const relay = (client: Socket) => {
    const server = connect(Number(port), hostname)
    let writing = false
    let muted = false
    const end = () => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      socket.on('error', end)
      socket.on('close', end)
    }
    client.on('data', (bytes: Buffer) => {
      const text = bytes.toString('latin1')
      if (/READ ONLY/.test(text)) writing = false
      else if (/READ WRITE/.test(text)) writing = true
      if (writing && isLost(text)) muted = true
      server.write(bytes)
    })
    server.on('data', (bytes: Buffer) => {
      if (!muted) return void client.write(bytes)
      // The server answers when it has done it.
      lost = true
      end()
    })
  }
  let listener: Server | undefined
  let own = 0
  const up = async () => {
    const fresh = createServer(relay)
    listener = fresh
    await new Promise<void>((resolve, reject) =>
      fresh.once('error', reject).listen(own, '127.0.0.1', resolve),
    )
    own = (fresh.address() as AddressInfo).port
  }
  const down = async () => {
    const ended = new Promise<void>((resolve) => {
      if (listener) listener.close(() => resolve())
      else resolve()
    })
    for (const socket of sockets) socket.destroy()
    await ended
    listener = undefined
  }
  await up()
  return {
    through(address) {
      const other = new URL(address)
      other.hostname = '127.0.0.1'
      other.port = String(own)
      return other.href
    },
    down,
    up,
    loseCommit(nth) {
      left = nth
      lost = false
    },
    get lost() {
      return lost
    },
    close: down,
  }
}
