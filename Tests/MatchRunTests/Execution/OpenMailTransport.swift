import CatalogStore
import MatchRun

/// Process 0 of a crew that others join and leave as a test wants.
final class OpenMailTransport: Transport {
  let rank = 0
  let isShared = true
  let isOpen = true
  private let inbox = Mailbox<Arrival>()
  private let boxes = Guarded<[Int: Mailbox<[UInt8]>]>([:])
  /// What was looked at before it was heard.
  private let held = Guarded<[Arrival]>([])
  /// Processes that could not be understood.
  let disconnected = Guarded<[Int]>([])

  var others: [Int] { boxes.withLock { $0.keys.sorted() } }
  func send(_ message: [UInt8], to rank: Int) throws { boxes.withLock { $0[rank] }?.put(message) }
  func receive() throws -> Arrival? {
    held.withLock { $0.isEmpty ? nil : $0.removeFirst() } ?? inbox.take(waiting: 0)
  }

  func disconnect(_ rank: Int, reason: String) throws {
    disconnected.withLock { $0.append(rank) }
    lose(rank, reason: reason)
  }

  /// Whether nothing has been said that was not heard.
  var inboxIsEmpty: Bool {
    guard let arrival = inbox.take(waiting: 0.01) else { return true }
    held.withLock { $0.append(arrival) }
    return false
  }

  /// A process comes.
  func join() -> Member {
    let (rank, box) = boxes.withLock { boxes in
      let (rank, box) = ((boxes.keys.max() ?? 0) + 1, Mailbox<[UInt8]>())
      boxes[rank] = box
      return (rank, box)
    }
    return Member(rank: rank, box: box, inbox: inbox)
  }

  /// A process is lost.
  func lose(_ rank: Int, reason: String = "killed by a test") { inbox.put(.lost(rank, reason: reason)) }

  struct Member: Transport {
    let rank: Int
    let box: Mailbox<[UInt8]>
    let inbox: Mailbox<Arrival>
    let isShared = true
    let isOpen = true
    let others = [0]

    func send(_ message: [UInt8], to rank: Int) throws { inbox.put(.message(from: self.rank, message)) }
    func receive() throws -> Arrival? { box.take(waiting: 0).map { .message(from: 0, $0) } }
  }
}
