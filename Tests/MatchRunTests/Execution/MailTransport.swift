import CatalogStore
import MatchRun

/// Messages between the crews of one process: what MPI does between processes.
final class MailTransport: Transport {
  let rank: Int
  private let boxes: [Mailbox<(from: Int, message: [UInt8])>]

  private init(_ rank: Int, _ boxes: [Mailbox<(from: Int, message: [UInt8])>]) {
    (self.rank, self.boxes) = (rank, boxes)
  }

  static func all(_ count: Int) -> [MailTransport] {
    let boxes = (0..<count).map { _ in Mailbox<(from: Int, message: [UInt8])>() }
    return (0..<count).map { MailTransport($0, boxes) }
  }

  var isShared: Bool { boxes.count > 1 }
  var others: [Int] { boxes.indices.filter { $0 != rank } }
  func send(_ message: [UInt8], to rank: Int) throws { boxes[rank].put((self.rank, message)) }
  func receive() throws -> Arrival? { boxes[rank].take(waiting: 0).map { .message(from: $0.from, $0.message) } }
}
