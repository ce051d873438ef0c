internal import CatalogStore
internal import Match

/// What the manager tells a process.
enum ManagerMessage: Sendable {
  /// A run begins.
  case begin(RunOrder)
  /// The stages that follow read what was recorded from this copy of the registry.
  case products(path: String)
  /// A piece to work on.
  case piece(RunPiece)
  /// Nothing that has not begun yet is to be begun; with `abandon`, what has begun is given up.
  case halt(abandon: Bool)
  /// The run is over.
  case end
  /// There are no more runs.
  case dismiss
}

/// What a process tells the manager.
enum ProcessMessage: Sendable {
  /// The process takes part.
  case joined(threads: Int)
  /// A piece is done.
  case done(RunPiece, PieceReport)
  /// A piece failed.
  case failed(RunPiece, StoreError)
  /// A piece was not begun, or was given up.
  case returned(RunPiece)
  /// The process cannot take part in this run.
  case refused(StoreError)
  /// A signal asks this process to stop.
  case stopping
  /// The process takes no part any more; what it had is for others.
  case leaving
}

/// What a process must know to take part in a run: it reads everything else from a copy of the registry.
struct RunOrder: Sendable {
  var kind = RunKind.match
  var database: String
  var snapshot: String
  var run: Int64
  var a: String
  var b: String
  var configuration: String
  /// The run to take chunks over from.
  var base: Int64?
}

extension ProcessMessage {
  /// Whether it is what a process says first.
  var isFirst: Bool { if case .joined = self { true } else { false } }
}

// MARK: Bytes

extension ManagerMessage {
  var bytes: [UInt8] {
    var writer = IntegerWriter()
    switch self {
    case .begin(let order):
      writer.put(unsigned: 0)
      writer.put(order)
    case .products(let path):
      writer.put(unsigned: 1)
      writer.put(path)
    case .piece(let piece):
      writer.put(unsigned: 2)
      writer.put(piece)
    case .halt(let abandon): writer.put(unsigned: abandon ? 4 : 3)
    case .end: writer.put(unsigned: 5)
    case .dismiss: writer.put(unsigned: 6)
    }
    return writer.bytes
  }

  init(_ bytes: [UInt8]) throws {
    var reader = IntegerReader(bytes[...])
    switch try reader.unsigned() {
    case 0: self = .begin(try reader.order())
    case 1: self = .products(path: try reader.text())
    case 2: self = .piece(try reader.piece())
    case 3: self = .halt(abandon: false)
    case 4: self = .halt(abandon: true)
    case 5: self = .end
    case 6: self = .dismiss
    default: throw IntegerReader.Malformed()
    }
  }
}

extension ProcessMessage {
  var bytes: [UInt8] {
    var writer = IntegerWriter()
    switch self {
    case .joined(let threads):
      writer.put(unsigned: 0)
      writer.put(unsigned: UInt64(threads))
    case .done(let piece, let report):
      writer.put(unsigned: 1)
      writer.put(piece)
      writer.put(report)
    case .failed(let piece, let error):
      writer.put(unsigned: 2)
      writer.put(piece)
      writer.put(error)
    case .returned(let piece):
      writer.put(unsigned: 3)
      writer.put(piece)
    case .refused(let error):
      writer.put(unsigned: 4)
      writer.put(error)
    case .stopping: writer.put(unsigned: 5)
    case .leaving: writer.put(unsigned: 6)
    }
    return writer.bytes
  }

  init(_ bytes: [UInt8]) throws {
    var reader = IntegerReader(bytes[...])
    switch try reader.unsigned() {
    case 0: self = .joined(threads: min(try reader.count(), Self.mostThreads))
    case 1: self = .done(try reader.piece(), try reader.report())
    case 2: self = .failed(try reader.piece(), try reader.error())
    case 3: self = .returned(try reader.piece())
    case 4: self = .refused(try reader.error())
    case 5: self = .stopping
    case 6: self = .leaving
    default: throw IntegerReader.Malformed()
    }
  }

  /// Threads of a process, at most.
  private static let mostThreads = 1 << 16
}
