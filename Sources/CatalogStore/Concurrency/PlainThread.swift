internal import Glibc

/// A thread of the operating system that runs one body. Work that blocks in SQLite or on files has its own.
public final class PlainThread: Sendable {
  private let thread: pthread_t

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts the thread; nil when the system has none to give.
  public init?(_ run: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 8 << 20)
    defer { pthread_attr_destroy(&attributes) }
    let context = Unmanaged.passRetained(Body(run))
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        // `argument` is the retained Body passed below.
        Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      return nil
    }
    self.thread = thread
  }

  /// Waits until the body has ended. Must be called once.
  public func join() { pthread_join(thread, nil) }
}
