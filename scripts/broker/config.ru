# A Pact Broker; its settings are PACT_BROKER_* variables (see broker.ts).
require 'pact_broker'

# Whoever started this process holds the other end of standard input: when it is gone, so is the broker.
if ENV['END_WITH_STDIN']
  Thread.new do
    $stdin.read
    Process.kill('TERM', Process.pid)
  end
end

run PactBroker::App.new
