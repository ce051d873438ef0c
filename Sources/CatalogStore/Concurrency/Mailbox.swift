internal import Glibc

/// A queue between threads: who takes from it sleeps until there is something, and never spins.
public final class Mailbox<Element: Sendable>: @unchecked Sendable {
  // All access to `elements` holds `lock`; that is what makes the class safe to share.
  private var elements: [Element] = []
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let filled = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// Empty.
  public init() {
    pthread_mutex_init(lock, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(filled, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(filled)
    pthread_mutex_destroy(lock)
    filled.deallocate()
    lock.deallocate()
  }

  /// Adds an element at the end.
  public func put(_ element: Element) {
    pthread_mutex_lock(lock)
    elements.append(element)
    pthread_cond_signal(filled)
    pthread_mutex_unlock(lock)
  }

  /// The first element; sleeps until there is one.
  public func take() -> Element {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while elements.isEmpty { pthread_cond_wait(filled, lock) }
    return elements.removeFirst()
  }

  /// The first element; nil when there is none within so many seconds.
  public func take(waiting seconds: Double) -> Element? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    if elements.isEmpty && seconds > 0 {
      var end = timespec()
      clock_gettime(CLOCK_MONOTONIC, &end)
      let nanoseconds = Double(end.tv_nsec) + seconds * 1e9
      end.tv_sec += Int(nanoseconds / 1e9)
      end.tv_nsec = Int(nanoseconds.truncatingRemainder(dividingBy: 1e9))
      while elements.isEmpty, pthread_cond_timedwait(filled, lock, &end) == 0 {}
    }
    return elements.isEmpty ? nil : elements.removeFirst()
  }

  /// Takes out the elements for which a condition holds.
  public func remove(where condition: (Element) -> Bool) -> [Element] {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    let removed = elements.filter(condition)
    elements.removeAll(where: condition)
    return removed
  }
}
