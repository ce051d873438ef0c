internal import Synchronization

/// Pieces of something that several threads make at once and that are passed on in order, one at a time.
///
/// No more than a few are made ahead of the one that is to be passed on next: memory does not depend on how much longer one
/// piece takes than another.
public final class OrderedWork<Piece: Sendable>: Sendable {
  private struct Made {
    var waiting: [Int: Piece] = [:]
    /// The piece to be passed on next.
    var next = 0
  }

  private let count: Int
  private let room: Semaphore
  private let taken = Atomic<Int>(0)
  private let hasFailed = Atomic<Bool>(false)
  private let made = Guarded(Made())
  private let passOn: @Sendable (Piece) throws -> Void

  /// - Parameters:
  ///   - count: How many pieces there are.
  ///   - room: How many may be begun and not passed on, at least 1.
  ///   - passOn: Called with piece 0, 1, … by the thread that can.
  public init(count: Int, room: Int, passOn: @escaping @Sendable (Piece) throws -> Void) {
    self.count = count
    self.room = Semaphore(tokens: room)
    self.passOn = passOn
  }

  /// Makes piece after piece until none is left, or a thread has failed. Call it from each thread that is to help.
  /// - Throws: What `make` or `passOn` throws; the other threads then end after their pieces.
  public func help(_ make: (Int) throws -> Piece) throws {
    while let number = take() {
      do { try finish(number, make(number)) } catch {
        hasFailed.store(true, ordering: .relaxed)
        room.give()
        throw error
      }
    }
  }

  /// The next piece. They are taken in order, so the one to be passed on next always has its room.
  private func take() -> Int? {
    room.take()
    let number = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    if number < count && !hasFailed.load(ordering: .relaxed) { return number }
    // Wakes the next thread that waits for nothing.
    room.give()
    return nil
  }

  private func finish(_ number: Int, _ piece: Piece) throws {
    try made.withLock { made in
      made.waiting[number] = piece
      while let piece = made.waiting.removeValue(forKey: made.next) {
        try passOn(piece)
        made.next += 1
        room.give()
      }
    }
  }
}
