internal import CatalogStore

/// How many bytes all requests together may have in memory while they come in and wait.
final class ByteBudget: Sendable {
  private let taken = Guarded(0)
  private let most: Int

  init(_ most: Int) { self.most = most }

  /// Bytes that one request has taken; they are given back with it.
  final class Share: Sendable {
    private let budget: ByteBudget
    private let bytes = Guarded(0)

    fileprivate init(_ budget: ByteBudget) { self.budget = budget }

    deinit {
      let bytes = bytes.withLock { $0 }
      budget.taken.withLock { $0 -= bytes }
    }

    /// Takes more.
    /// - Throws: `RequestError` with status 503 when all together would have too many.
    func take(_ more: Int) throws {
      let fits = budget.taken.withLock { taken in
        if taken + more > budget.most { return false }
        taken += more
        return true
      }
      guard fits else { throw RequestError.busy("other requests have all the memory for uploads; ask again later") }
      bytes.withLock { $0 += more }
    }
  }

  /// The share of a new request.
  func share() -> Share { Share(self) }
}
