/// Who works on what, in one stage of a run: a state machine without clock, files or messages.
///
/// Pieces are handed out most expensive first. Each process is given as many as it has threads, and as many again to begin
/// with when one is done, as long as plenty are left. A piece that fails goes to another process, if there is one, until it has
/// failed `attempts` times; then it is set aside. Pieces under suspicion (they were being worked on when the process
/// was killed, more than once) come last and alone, so that one of them can only harm itself.
struct RunManager: Sendable {
  /// What becomes of a piece that failed.
  enum Verdict: Sendable, Equatable {
    /// It will be tried again; so often it has failed.
    case again(failures: Int)
    /// It will not.
    case setAside(failures: Int)
  }

  private struct Member: Sendable {
    var threads: Int
    var pieces: Set<RunPiece> = []
    /// Whether it is listed among those with threads to spare, and among those that may be given more ahead.
    var isIdle = false
    var isAhead = false
  }

  private let attempts: Int
  private var processes: [Int: Member] = [:]
  /// Processes with threads to spare, in the order in which they are asked. Lists, so that an event costs the same whether
  /// there are two processes or ten thousand.
  private var idle: [Int] = []
  /// Processes that are busy and may be given more ahead.
  private var ahead: [Int] = []
  /// Cheapest first, so that the next piece is the last.
  private var pending: [RunPiece] = []
  private var suspects: [RunPiece] = []
  /// Pieces that failed before, and who tried them.
  private var retries: [RunPiece] = []
  private var failedOn: [RunPiece: [Int]] = [:]
  private var isStopped = false

  /// - Parameter attempts: How often a piece may fail.
  init(attempts: Int) { self.attempts = max(1, attempts) }

  // MARK: Questions

  /// Threads of all processes.
  private(set) var threads = 0
  /// Processes that take part.
  var processCount: Int { processes.count }
  /// Pieces that somebody has.
  private(set) var inFlight = 0
  /// Pieces that nobody has.
  var left: Int { pending.count + suspects.count + retries.count }
  /// Whether nothing is left that will be done.
  var isOver: Bool { inFlight == 0 && (isStopped || left == 0) }
  /// Whether there is work that nobody can do any more.
  var isStranded: Bool { processes.isEmpty && !isStopped && left > 0 }

  // MARK: Events

  /// A stage begins.
  /// - Parameters:
  ///   - pieces: What is to be done, most expensive first.
  ///   - suspects: Those of them that come last and alone.
  mutating func begin(_ pieces: [RunPiece], suspects: Set<RunPiece> = []) {
    pending = pieces.reversed().filter { !suspects.contains($0) }
    self.suspects = pieces.filter(suspects.contains)
    retries = []
    failedOn = [:]
  }

  /// A process takes part from now on.
  mutating func join(_ rank: Int, threads: Int) {
    processes[rank] = Member(threads: max(1, threads))
    self.threads += max(1, threads)
    list(rank)
  }

  /// A process takes no part any more; what it had is done by others.
  mutating func leave(_ rank: Int) { for piece in lose(rank) { putBack(piece) } }

  /// A process is lost.
  /// - Returns: What it had, which nobody has now: `putBack` gives it to others.
  mutating func lose(_ rank: Int) -> [RunPiece] {
    guard let lost = processes.removeValue(forKey: rank) else { return [] }
    threads -= lost.threads
    inFlight -= lost.pieces.count
    idle.removeAll { $0 == rank }
    ahead.removeAll { $0 == rank }
    return lost.pieces.sorted { $0.position < $1.position }
  }

  /// A piece that nobody has is to be done.
  /// - Parameter isSuspect: Last and alone.
  mutating func putBack(_ piece: RunPiece, isSuspect: Bool = false) {
    if isSuspect { suspects.append(piece) } else { pending.append(piece) }
  }

  /// A piece is done.
  /// - Returns: False when the process did not have it any more, and somebody else does it.
  @discardableResult
  mutating func finish(_ piece: RunPiece, by rank: Int) -> Bool { release(piece, rank) }

  /// A piece was not begun, or was given up.
  mutating func takeBack(_ piece: RunPiece, from rank: Int) {
    if release(piece, rank) { pending.append(piece) }
  }

  /// A piece failed.
  mutating func fail(_ piece: RunPiece, on rank: Int) -> Verdict {
    guard release(piece, rank) else { return .again(failures: failedOn[piece]?.count ?? 0) }
    failedOn[piece, default: []].append(rank)
    let failures = failedOn[piece]!.count
    if failures >= attempts { return .setAside(failures: failures) }
    retries.append(piece)
    return .again(failures: failures)
  }

  /// Nothing more is handed out.
  mutating func stop() { isStopped = true }

  /// Whether the process had the piece; it has it no more.
  private mutating func release(_ piece: RunPiece, _ rank: Int) -> Bool {
    guard processes[rank]?.pieces.remove(piece) != nil else { return false }
    inFlight -= 1
    list(rank)
    return true
  }

  /// Puts a process on the list where it belongs.
  private mutating func list(_ rank: Int) {
    if hasRoom(rank, depth: 1) {
      if !processes[rank]!.isIdle { idle.append(rank) }
      processes[rank]!.isIdle = true
    } else if hasRoom(rank, depth: 2) {
      if !processes[rank]!.isAhead { ahead.append(rank) }
      processes[rank]!.isAhead = true
    }
  }

  // MARK: Handing out

  /// What to hand out now.
  mutating func assignments() -> [(piece: RunPiece, rank: Int)] {
    guard !isStopped, left > 0 else { return [] }
    var given: [(RunPiece, Int)] = []
    let free = idle
    idle = []
    for rank in free {
      processes[rank]!.isIdle = false
      fill(rank, depth: 1, &given)
    }
    if !mayGiveAhead { return given }
    let busy = ahead
    ahead = []
    for rank in busy {
      processes[rank]!.isAhead = false
      fill(rank, depth: 2, &given)
    }
    return given
  }

  private mutating func fill(_ rank: Int, depth: Int, _ given: inout [(RunPiece, Int)]) {
    while hasRoom(rank, depth: depth), let piece = nextPiece(for: rank) {
      processes[rank]!.pieces.insert(piece)
      inFlight += 1
      given.append((piece, rank))
    }
    list(rank)
  }

  /// Beyond its threads a process gets only what nobody else waits for.
  private var mayGiveAhead: Bool { pending.count > 2 * threads }

  private func hasRoom(_ rank: Int, depth: Int) -> Bool {
    guard let state = processes[rank] else { return false }
    return state.pieces.count < depth * state.threads
  }

  private mutating func nextPiece(for rank: Int) -> RunPiece? {
    let isAhead = !hasRoom(rank, depth: 1)
    if isAhead && !mayGiveAhead { return nil }
    if let retry = retries.firstIndex(where: { mayTry($0, rank) }), !isAhead { return retries.remove(at: retry) }
    if let piece = pending.popLast() { return piece }
    let isAlone = inFlight == 0 && retries.isEmpty
    return isAlone ? suspects.popLast() : nil
  }

  /// A piece goes back to a process on which it failed only when it has failed on all.
  private func mayTry(_ piece: RunPiece, _ rank: Int) -> Bool {
    let tried = failedOn[piece] ?? []
    return !tried.contains(rank) || processes.keys.allSatisfy(tried.contains)
  }
}
