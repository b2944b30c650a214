import NIOCore

extension ClientConnection {
    /// A whole answer; a long one that must be packed is written later.
    func write(_ response: ExchangeResponse) {
        guard let coding = answer.packing?.coding(of: response, length: response.body.count) else {
            return writeWhole(response)
        }
        guard response.body.count <= Limits.packedAtOnceBytesMax else { return pack(response, coding) }
        var response = response
        response.body = BodyDeflater.packed(response.body, coding)
        response.announce(coding)
        writeWhole(response)
    }

    func writeWhole(_ response: ExchangeResponse) {
        let mayHaveBody = HeadWriter.mayHaveBody(response.status)
        writeHead(response, length: mayHaveBody ? response.body.count : nil)
        if mayHaveBody, !answer.isHead { outbox.writeBytes(response.body) }
        record.detail = response.error?.detail
    }

    func write(_ fixed: FixedResponse) {
        answer.hasBegun = true
        answer.status = fixed.response.status
        outbox.writeBytes(fixed.headBytes)
        writeOwnHeaders()
        if HeadWriter.mayHaveBody(fixed.response.status), !answer.isHead { outbox.writeBytes(fixed.response.body) }
    }

    /// - Parameter length: Nil: no length is said.
    func writeHead(_ response: ExchangeResponse, length: Int?) {
        answer.hasBegun = true
        answer.status = response.status
        outbox.writeStatusLine(response.status)
        outbox.writeHeaders(response.headers)
        if let length { outbox.writeLengthHeader(length) }
        if case .chunked = answer.framing { outbox.writeStaticString("Transfer-Encoding: chunked\r\n") }
        writeOwnHeaders()
    }

    /// What belongs to this request and this connection, and the empty line.
    private func writeOwnHeaders() {
        outbox.writeBytes(loop.dateLine(answer.identity.milliseconds))
        if !answer.keepsAlive {
            outbox.writeStaticString("Connection: close\r\nx-amzn-RequestId: ")
        } else {
            outbox.writeStaticString("Connection: keep-alive\r\nx-amzn-RequestId: ")
        }
        outbox.writeIdentity(answer.identity)
    }

    /// The answer is complete, unless its body is being packed: then this comes again.
    func endAnswer() {
        guard pendingBody == nil else { return }
        answer.isOpen = false
        setDeadline(loop.idleTimeout)
        writeRecord(outcome: nil)
    }

    /// Once request and answer are both over, the next request may be read.
    func nextIfBothDone() {
        guard !answer.isOpen else { return }
        switch reading {
        case .done where answer.keepsAlive && !loop.isDraining:
            answer.hasBegun = false
            reading = .head
        case .done, .ended:
            reading = .ended
            closeAfterFlush()
        case .head, .body, .paused: break
        }
    }

    func flush() {
        guard let context else { return }
        guard outbox.readableBytes > 0 else {
            // A large piece was the last of its answer.
            if hasUnflushed { context.flush() }
            return hasUnflushed = false
        }
        hasUnflushed = false
        context.writeAndFlush(wrapOutboundOut(outbox), promise: nil)
        // A long answer must not leave its room behind.
        if outbox.capacity > 64 * 1024 {
            outbox = context.channel.allocator.buffer(capacity: 1024)
        } else {
            outbox.clear(minimumCapacity: 1024)
        }
    }

    /// What was written goes out first.
    private func closeAfterFlush() {
        guard let context else { return }
        flush()
        let bound = NIOLoopBound(context, eventLoop: loop.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in bound.value.close(promise: nil) }
    }

    /// A body that nobody wants does not end.
    func closeAfterAnswer() {
        reading = .ended
        closeAfterFlush()
    }

    // MARK: The records of a request

    func noteRecord(_ head: RequestHead) {
        record = AccessRecord()
        record.method = head.method
        record.path = head.bytes[head.path]
        trace = loop.configuration.tracing.flatMap { tracing in
            let parent = head.headers.first("traceparent")
            return tracing.begin(parent).map { RequestTrace(token: $0, parent: parent) }
        }
    }

    /// - Parameter outcome: What happened instead of a whole answer.
    func writeRecord(outcome: String?) {
        let nanoseconds = (NIODeadline.now() - answer.started).nanoseconds
        loop.statistics.record(status: answer.status, nanoseconds: nanoseconds)
        guard loop.keepsRecords else { return }
        if let log = loop.configuration.accessLog, !log.isErrorsOnly || answer.status >= 500 || outcome != nil {
            record.status = answer.status
            record.milliseconds = nanoseconds / 1_000_000
            record.source = sourceIP
            record.outcome = outcome
            loop.log(record, answer.identity)
        }
        guard let trace else { return }
        self.trace = nil
        loop.configuration.tracing?.end(
            .init(
                token: trace.token, parent: trace.parent, method: record.method,
                path: String(decoding: record.path, as: UTF8.self), apiID: record.apiID, stageName: record.stageName,
                status: answer.status, startMilliseconds: answer.identity.milliseconds, nanoseconds: nanoseconds))
    }
}

/// Who a traced request is, and whose.
struct RequestTrace {
    var token: String
    var parent: String?
}

extension ClientConnection: EndpointListener {
    var takesMore: Bool { context?.channel.isWritable ?? false }

    func endpointAnswered(_ head: ResponseHead) {
        guard let exchange else { return }
        guard exchange.streamsAnswer else {
            collected = EndpointAnswer(status: head.status, headers: head.headers, body: [])
            return
        }
        var response = exchange.head(of: EndpointAnswer(status: head.status, headers: head.headers, body: []))
        var length: Int?
        switch head.framing {
        case .length(let known): (length, answer.framing) = (known, .length)
        case .none:
            length = HeadWriter.mayHaveBody(head.status) ? (answer.isHead ? head.declaredLength ?? 0 : 0) : nil
            answer.framing = .none
        case .chunked, .untilClose:
            answer.framing = answer.isVersion10 ? .untilClose : .chunked
            if answer.isVersion10 { answer.keepsAlive = false }
        }
        if !answer.isHead, !isEmpty(head.framing), let coding = answer.packing?.coding(of: response, length: length) {
            response.announce(coding)
            deflater = BodyDeflater(coding)
            // How long it will be is not known.
            length = nil
            answer.framing = answer.isVersion10 ? .untilClose : .chunked
            if answer.isVersion10 { answer.keepsAlive = false }
        }
        writeHead(response, length: length)
        setDeadline(loop.idleTimeout)
    }

    func endpointSent(_ bytes: ByteBuffer) {
        if var collected {
            // Appended in place: a second reference would copy the whole body.
            self.collected = nil
            collected.body.append(contentsOf: bytes.readableBytesView)
            let isTooLong = collected.body.count > Limits.responseBodyBytesMax
            self.collected = collected
            if isTooLong { abandon(.badAnswer("the endpoint's answer is longer than 10 MiB")) }
            return
        }
        guard answer.hasBegun, !answer.isHead else { return }
        setDeadline(loop.idleTimeout)
        guard let deflater else { return writePiece(bytes) }
        writePiece(ByteBuffer(bytes: deflater.take(bytes)))
    }

    private func writePiece(_ bytes: ByteBuffer) {
        // An empty chunk would be the last one.
        guard bytes.readableBytes > 0 else { return }
        if case .chunked = answer.framing { outbox.writeChunkLine(bytes.readableBytes) }
        append(bytes)
        if case .chunked = answer.framing { outbox.writeStaticString("\r\n") }
    }

    private func isEmpty(_ framing: ResponseHead.Framing) -> Bool {
        switch framing {
        case .none: true
        case .length(let length): length == 0
        case .chunked, .untilClose: false
        }
    }

    /// Small pieces go with what waits; large ones are not copied.
    private func append(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 4096, let context else {
            outbox.writeImmutableBuffer(bytes)
            return
        }
        if outbox.readableBytes > 0 {
            context.write(wrapOutboundOut(outbox), promise: nil)
            outbox.clear(minimumCapacity: 256)
        }
        context.write(wrapOutboundOut(bytes), promise: nil)
        hasUnflushed = true
    }

    func endpointReadCompleted() {
        // What the endpoint has sent so far reaches the client, as it would unpacked.
        if let deflater, deflater.holdsBack { writePiece(ByteBuffer(bytes: deflater.flush())) }
        flush()
    }

    func endpointFinished() {
        endpoint = nil
        if let collected {
            self.collected = nil
            guard var exchange else { return }
            self.exchange = nil
            write(exchange.finish(collected))
        } else {
            if let deflater { writePiece(ByteBuffer(bytes: deflater.finish())) }
            deflater = nil
            if case .chunked = answer.framing { outbox.writeStaticString("0\r\n\r\n") }
        }
        exchange = nil
        // An answer before the end of the request: what is still to come has no one to go to.
        if case .body = reading {
            answer.keepsAlive = false
            reading = .ended
        }
        endAnswer()
        goOn()
    }

    func endpointFailed(_ failure: EndpointFailure) { abandon(failure.error) }

    func endpointWritabilityChanged() {
        process()
        readOn()
    }

    /// The endpoint's answer cannot be had: the gateway's own takes its place, if nothing was written yet.
    private func abandon(_ error: GatewayError) {
        endpoint?.cancel()
        endpoint = nil
        collected = nil
        guard let exchange, !answer.hasBegun else {
            writeRecord(outcome: "endpoint-lost")
            self.exchange = nil
            return closeNow()
        }
        self.exchange = nil
        if case .body = reading {
            answer.keepsAlive = false
            reading = .ended
        }
        write(exchange.response(to: error))
        endAnswer()
        goOn()
    }

    func goOn() {
        nextIfBothDone()
        process()
        flush()
        readOn()
    }
}
