using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Footbridge.Engine;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footbridge.Bench.Engine;

/// <summary>Our engine as a process of its own that holds any number of accounts: the counterpart of bench/baileys/driver.mjs, line for line.</summary>
internal static class OwnClient
{
    private static readonly Lock Writing = new();
    private static readonly ConcurrentDictionary<string, OwnAccount> Accounts = new(StringComparer.Ordinal);

    public static async Task<int> RunAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var command = JsonNode.Parse(line)!.AsObject();
            _ = Task.Run(() => ObeyAsync(command));
        }

        return 0;
    }

    private static async Task ObeyAsync(JsonObject command)
    {
        var answer = new JsonObject { ["n"] = command["n"]!.GetValue<int>() };
        try
        {
            await DoAsync(command);
        }
        catch (Exception e)
        {
            answer["error"] = e.ToString();
        }

        Write(answer);
    }

    private static Task DoAsync(JsonObject command)
    {
        if (command["op"]!.ToString() == "collect")
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return Task.CompletedTask;
        }

        var name = command["account"]!.ToString();
        var account = Accounts.GetOrAdd(name, _ => new(command["url"]!.ToString(), command["root"]!.ToString(), qr => Write(new() { ["account"] = name, ["qr"] = qr })));
        return command["op"]!.ToString() switch
        {
            "connect" => account.ConnectAsync(),
            "disconnect" => account.Client.StopAsync(default),
            "receive" => account.ReceiveAsync(command["count"]!.GetValue<int>()),
            "send" => account.SendAsync([.. command["to"]!.AsArray().Select(to => Jid.Parse(to!.ToString()))], command["count"]!.GetValue<int>(), command["parallel"]!.GetValue<int>()),
            var other => throw new ArgumentException(other),
        };
    }

    private static void Write(JsonObject line)
    {
        lock (Writing)
        {
            Console.Out.WriteLine(line.ToJsonString());
            Console.Out.Flush();
        }
    }

    private sealed class OwnAccount
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource _online = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _enough;
        private int _received;
        private int _wanted;

        public OwnAccount(string url, string root, Action<string> showQr)
        {
            var options = new WaClientOptions { ChatUrl = new(url), NoiseRoots = [new(Convert.FromHexString(root), 0)], ReconnectStep = TimeSpan.FromMilliseconds(20) };
            Client = new(options, new BenchStore(Count), state => Follow(state, showQr), TimeProvider.System, NullLogger.Instance);
        }

        public WaClient Client { get; }

        public async Task ConnectAsync()
        {
            lock (_gate) _online = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await Client.StartAsync(default);
            await _online.Task;
        }

        /// <summary>Completes when so many messages have come since the last that were waited for.</summary>
        public Task ReceiveAsync(int count)
        {
            lock (_gate)
            {
                _wanted += count;
                _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_received >= _wanted) _enough.SetResult();
                return _enough.Task;
            }
        }

        public Task SendAsync(Jid[] to, int count, int parallel) => Parallel.ForEachAsync(
            Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = parallel },
            async (i, ct) => await Client.SendTextAsync(new(MessageIds.Random(), to[i % to.Length], $"message {i}"), ct));

        private void Count(EngineEvent engineEvent)
        {
            if (engineEvent is not MessageReceived { IsFromMe: false }) return;
            lock (_gate)
            {
                if (++_received >= _wanted) _enough?.TrySetResult();
            }
        }

        private void Follow(ConnectionState state, Action<string> showQr)
        {
            if (state is ConnectionState.WaitingForScan scan) showQr(scan.Qr);
            if (state is not ConnectionState.Online) return;
            lock (_gate) _online.TrySetResult();
        }
    }
}
