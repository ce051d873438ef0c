internal import CatalogStore
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import ServiceLifecycle

/// Serves a sky database over HTTP, read-only: simple cone search and TAP.
public final class Server: Sendable {
  private let settings: ServeSettings
  private let logger: Logger
  private let queries: QueryPool
  private let descriptions: QueryPool
  private let events = Mailbox<Event>()
  private let ending = Guarded(Ending())

  private enum Event: Sendable {
    case running(String)
    case ended((any Error)?)
  }

  private struct Ending {
    var isAsked = false
    var stop: (@Sendable () -> Void)?
  }

  /// Requests of the largest size that may be in memory together.
  private static let uploadsAtATime = 16
  /// Seconds that answers may still be sent when the server is to end.
  private static let secondsToSend = 1

  /// Opens the database.
  /// - Throws: `StoreError` when there is none, or no thread.
  public init(_ settings: ServeSettings, logger: Logger) throws {
    _ = try SkyDatabase.open(at: settings.databasePath, locks: settings.locks)
    self.settings = settings
    self.logger = logger
    queries = try QueryPool(settings, count: settings.queriesAtATime)
    descriptions = try QueryPool(settings, count: 1)
  }

  /// Serves until `stop` is called.
  /// - Parameter onRunning: Called once with the address, when requests are answered.
  /// - Throws: `StoreError.system` when the address cannot be listened at; whatever `onRunning` throws.
  public func run(onRunning: (String) throws -> Void) throws {
    Task.detached { [self] in
      do {
        try await serve()
        events.put(.ended(nil))
      } catch {
        events.put(.ended(error))
      }
    }
    defer {
      queries.end()
      descriptions.end()
    }
    while true {
      switch events.take() {
      case .running(let address):
        do { try onRunning(address) } catch {
          stop()
          throw error
        }
      case .ended(nil): return
      case .ended(let error?):
        throw StoreError(.system, "\(settings.host):\(settings.port)", "cannot be listened at: \(error)")
      }
    }
  }

  private func serve() async throws {
    var quiet = Logger(label: "http")
    quiet.logLevel = .critical
    let host = settings.host
    let application = Application(
      responder: Service(
        settings: settings, queries: queries, descriptions: descriptions, jobs: JobList(settings, queries),
        budget: ByteBudget(min(settings.mostUploadBytes, 1 << 40) * Self.uploadsAtATime), logger: logger),
      server: .http1(configuration: .init(idleTimeout: .seconds(120))),
      configuration: .init(
        address: .hostname(host, port: settings.port), serverName: "xmdb/\(Program.version)",
        availableConnectionsDelegate: MaximumAvailableConnections(1000)),
      onServerRunning: { [events] channel in
        let port = channel.localAddress?.port ?? 0
        events.put(.running("http://\(host.contains(":") ? "[\(host)]" : host):\(port)/"))
      }, logger: quiet)
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: application)], logger: quiet))
    let task = Task { try await group.run() }
    let isAsked = ending.withLock { ending in
      ending.stop = {
        Task {
          await group.triggerGracefulShutdown()
          try? await Task.sleep(for: .seconds(Self.secondsToSend))
          task.cancel()
        }
      }
      return ending.isAsked
    }
    if isAsked { stop() }
    do { try await task.value } catch is CancellationError {}
  }

  /// Ends the server: queries are stopped, and what has been answered is sent for a second more. May be called from any thread.
  public func stop() {
    queries.stopAll()
    descriptions.stopAll()
    let stop = ending.withLock { ending in
      ending.isAsked = true
      return ending.stop
    }
    stop?()
  }
}
