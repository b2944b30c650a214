import Logging
import NIOCore

extension ClientConnection {
    /// A head has come: finds the stage and the method, and starts the exchange.
    func begin(_ head: RequestHead) {
        answer = AnswerState()
        answer.isOpen = true
        answer.isHead = head.method == "HEAD"
        answer.isVersion10 = head.isVersion10
        answer.keepsAlive = head.keepsAlive && !loop.isDraining
        answer.identity = loop.makeIdentity()
        answer.started = .now()
        decoder = BodyDecoder(head.framing)
        deflater = nil
        if loop.keepsRecords { noteRecord(head) }
        guard !hasDotSegment(head.bytes[head.path]) else {
            return respondBeforeBody(
                GatewayError.bareResponse(status: 400, message: "Bad Request", errorType: "BadRequestException"))
        }
        guard let (address, snapshot) = loop.find(head) else { return respondBeforeBody(GatewayError.forbidden) }
        answer.packing = snapshot.packing(for: head.headers)
        var request = ExchangeRequest(
            method: head.method, rest: head.bytes[address.restStart..<head.path.upperBound],
            query: head.bytes[head.query], authority: head.bytes[head.authority], headers: head.headers,
            identity: answer.identity, sourceIP: sourceIP, isVersion10: head.isVersion10)
        request.customPrefix = address.customPrefix
        request.path = head.bytes[head.path]
        request.hasBody = head.framing != .none
        request.isSecure = loop.configuration.tls != nil
        if loop.keepsRecords { (record.apiID, record.stageName) = (address.apiID, address.stageName) }
        guard var exchange = snapshot.exchange(for: request) else {
            return respondBeforeBody(snapshot.answer(to: .missingAuthenticationToken, for: request))
        }
        if case .length(let length) = head.framing, length > Limits.requestBodyBytesMax {
            answer.keepsAlive = false
            return respondBeforeBody(exchange.response(to: .requestTooLarge))
        }
        let opening = exchange.open()
        self.exchange = exchange
        if let stale = exchange.staleKeys { refresh(stale) }
        follow(opening, head)
    }

    func follow(_ opening: Exchange.Opening, _ head: RequestHead) {
        switch opening {
        case .fixed(let fixed):
            exchange = nil
            if answer.packing == nil { write(fixed) } else { write(fixed.response) }
            endAnswer()
            readRest()
        case .respond(let response):
            respondBeforeBody(response)
        case .collect:
            body.removeAll(keepingCapacity: false)
            reading = .body(.collected)
            allowBody(head)
        case .call(let call):
            open(call, head)
        case .authorize(let call):
            reading = .paused(head)
            invoke(call)
        case .fetchKeys(let source):
            reading = .paused(head)
            fetch(source)
        }
    }

    /// The body of a streamed call: bytes go as they come, with their length where it is known; text is held back up
    /// to a limit, since repairing it may change its length.
    private func open(_ call: EndpointCall, _ head: RequestHead) {
        guard case .streamed(let isText) = call.body, head.framing != .none else {
            start(call, framing: .none)
            readRest()
            return
        }
        repair = isText ? UTF8Repair() : nil
        switch head.framing {
        case .length(let length) where !isText:
            reading = .body(.forwarded)
            start(call, framing: .length(length))
        case .length(let length) where length > Limits.heldTextBodyBytesMax:
            reading = .body(.forwarded)
            start(call, framing: .chunked)
        default:
            body.removeAll(keepingCapacity: false)
            reading = .body(.held(call))
        }
        allowBody(head)
    }

    private func allowBody(_ head: RequestHead) {
        guard head.expectsContinue, head.framing != .none else { return }
        outbox.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        flush()
    }

    func start(_ call: EndpointCall, framing: EndpointExchange.Framing) {
        var call = call
        if let trace { call.headers.set("traceparent", trace.token) }
        let endpoint = EndpointExchange(call, framing: framing, pool: loop.endpoints, listener: self)
        self.endpoint = endpoint
        setDeadline(.milliseconds(Int64(call.timeout)))
        endpoint.start()
    }

    /// An answer that does not wait for the body; the body is read and forgotten.
    private func respondBeforeBody(_ response: ExchangeResponse) {
        exchange = nil
        write(response)
        endAnswer()
        readRest()
    }

    /// Goes on to the rest of the request that nobody needs.
    private func readRest() {
        if case .ended = reading { return }
        if decoder.isDone {
            reading = .done
            nextIfBothDone()
        } else {
            reading = .body(.dropped)
        }
    }

    // MARK: The body

    func receive(_ bytes: ByteBuffer, _ use: BodyUse) {
        switch use {
        case .dropped:
            droppedBytes += bytes.readableBytes
            if droppedBytes > Limits.requestBodyBytesMax { closeAfterAnswer() }
        case .collected:
            body.append(contentsOf: bytes.readableBytesView)
            if body.count > Limits.requestBodyBytesMax { refuseBody(.requestTooLarge) }
        case .held(let call):
            body.append(contentsOf: bytes.readableBytesView)
            guard body.count > Limits.heldTextBodyBytesMax else { return }
            reading = .body(.forwarded)
            start(call, framing: .chunked)
        case .forwarded:
            flushHeldBody()
            forwardedBytes += bytes.readableBytes
            guard forwardedBytes <= Limits.requestBodyBytesMax else { return refuseBody(.requestTooLarge) }
            if repair != nil {
                let text = repair?.repair(bytes.readableBytesView) ?? []
                endpoint?.sendBody(ByteBuffer(bytes: text))
            } else {
                endpoint?.sendBody(bytes)
            }
        }
    }

    /// What was held back before it was clear that the body is long.
    func flushHeldBody() {
        guard !body.isEmpty else { return }
        let held = body
        body = []
        forwardedBytes += held.count
        endpoint?.sendBody(ByteBuffer(bytes: repair == nil ? held : repair?.repair(held) ?? []))
    }

    func receiveEnd(_ use: BodyUse) {
        reading = .done
        droppedBytes = 0
        switch use {
        case .dropped: nextIfBothDone()
        case .collected:
            let whole = body
            body = []
            guard let coding = exchange?.bodyCoding, whole.count > Limits.unpackedAtOnceBytesMax else {
                return proceed(whole)
            }
            unpack(whole, coding)
        case .held(var call):
            let whole = repair == nil ? body : UTF8Repair.repaired(body)
            body = []
            repair = nil
            call.body = whole.isEmpty ? .none : .bytes(whole)
            start(call, framing: whole.isEmpty ? .none : .whole)
        case .forwarded:
            flushHeldBody()
            let rest = repair?.finish() ?? []
            if !rest.isEmpty { endpoint?.sendBody(ByteBuffer(bytes: rest)) }
            repair = nil
            forwardedBytes = 0
            if let endpoint { setDeadline(.milliseconds(Int64(endpoint.call.timeout))) }
            endpoint?.endBody()
        }
    }

    /// Goes on with the whole body.
    ///
    /// - Parameter unpacked: What it came to, if that is known already.
    func proceed(_ body: [UInt8], unpacked: Result<[UInt8], GatewayError>? = nil) {
        guard let step = exchange?.proceed(body: body, unpacked: unpacked) else { return }
        switch step {
        case .respond(let response):
            exchange = nil
            write(response)
            endAnswer()
            nextIfBothDone()
        case .call(let call):
            let hasBody = if case .bytes = call.body { true } else { false }
            start(call, framing: hasBody ? .whole : .none)
        case .invoke(let call):
            invoke(call)
        }
    }

    /// More than the limit came in chunks.
    private func refuseBody(_ error: GatewayError) {
        body = []
        let response = exchange?.response(to: error)
        endpoint?.cancel()
        endpoint = nil
        exchange = nil
        answer.keepsAlive = false
        reading = .ended
        guard !answer.hasBegun, let response else { return closeNow() }
        write(response)
        endAnswer()
        nextIfBothDone()
    }

    // MARK: Refusals

    /// What came is no request, or one that is refused before it is one.
    func refuse(_ failure: WireFailure) {
        let (status, message) =
            switch failure {
            case .malformed: (400, "Bad Request")
            case .headTooLong, .tooManyHeaders: (431, "Request Header Fields Too Large")
            case .versionNotSupported: (505, "HTTP Version Not Supported")
            case .transferCodingNotSupported: (501, "Not Implemented")
            }
        refuse(status, message)
    }

    private func refuse(_ status: Int, _ message: String) {
        pendingBody = nil
        endpoint?.cancel()
        endpoint = nil
        exchange = nil
        // Within an answer nothing else can be said.
        guard !answer.hasBegun else { return closeNow() }
        if !answer.isOpen {
            answer = AnswerState()
            answer.isOpen = true
            answer.identity = loop.makeIdentity()
            answer.started = .now()
            record = AccessRecord()
            trace = nil
        }
        answer.keepsAlive = false
        reading = .ended
        write(GatewayError.bareResponse(status: status, message: message, errorType: "BadRequestException"))
        endAnswer()
        nextIfBothDone()
        flush()
    }

    /// The deadline has come: what that means depends on who is waited for.
    func timeOut() {
        // Nobody but this process is waited for.
        guard pendingBody == nil else { return setDeadline(loop.idleTimeout) }
        switch reading {
        case .head where !answer.isOpen:
            guard inbox.readableBytes > 0 else { return closeNow() }
            refuse(408, "Request Timeout")
        case .ended: closeNow()
        case .body, .head, .paused, .done:
            if invocation != nil { return invocationTimedOut() }
            guard let endpoint, !answer.hasBegun, let exchange else {
                guard !answer.hasBegun, answer.isOpen else { return closeNow() }
                return refuse(408, "Request Timeout")
            }
            endpoint.cancel()
            self.endpoint = nil
            self.exchange = nil
            if case .body = reading { answer.keepsAlive = false }
            write(exchange.response(to: .timeout))
            endAnswer()
            if case .body = reading { reading = .ended }
            nextIfBothDone()
            process()
            flush()
            readOn()
        }
    }
}
