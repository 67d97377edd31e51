using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot;
using Footbridge.SystemTests.Api;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>The look-up of contacts, whose rules decide whether a person is found at all.</summary>
public sealed class SimulatorFilterTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));
    private readonly SocketsHttpHandler _handler = new();
    private ChatwootSimulator _chatwoot = null!;
    private HttpClient _api = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _chatwoot = await ChatwootSimulator.StartAsync(0, TimeProvider.System, Ct);
        _api = new HttpClient(_handler, disposeHandler: false) { BaseAddress = _chatwoot.BaseUrl };
        _api.DefaultRequestHeaders.Add("Api-Access-Token", ChatwootSimulator.Token);
        _chatwoot.Store.AddAttribute(new() { ["attribute_key"] = "chat" });
        _chatwoot.Store.AddContact(new() { ["name"] = "Ana", ["phone_number"] = "+5511900000001", ["custom_attributes"] = new JsonObject { ["chat"] = "A@c.us" } });
        _chatwoot.Store.AddContact(new() { ["name"] = "Bia", ["identifier"] = "Key7" });
        _chatwoot.Store.AddContact(new() { ["name"] = "Unidentified", ["custom_attributes"] = new JsonObject { ["chat"] = "u@c.us" } });
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _chatwoot.DisposeAsync();
        _handler.Dispose();
        _timeout.Dispose();
    }

    [Theory]
    [InlineData("chat equal_to a@c.us", "Ana")] // in any case
    [InlineData("identifier equal_to KEY7", "Bia")]
    [InlineData("phone_number equal_to 5511900000001", "Ana")]
    [InlineData("phone_number equal_to +5511900000001", "Ana")]
    [InlineData("phone_number equal_to 900000001", "")]
    [InlineData("chat equal_to u@c.us", "")] // without phone, e-mail and identifier nobody is found
    [InlineData("name equal_to ana OR name equal_to bia", "Ana Bia")]
    [InlineData("name equal_to ana AND identifier equal_to key7", "")]
    [InlineData("name equal_to ana OR name equal_to bia AND identifier equal_to none", "Ana")] // AND binds tighter
    [InlineData("name contains A", "Ana Bia")]
    [InlineData("name not_equal_to ana", "Bia")]
    [InlineData("chat is_present", "Ana")]
    public async Task Clauses_find_what_they_find_in_chatwoot(string clauses, string names)
    {
        var (_, found) = await _api.ExpectAsync(HttpMethod.Post, "/api/v1/accounts/1/contacts/filter", Payload(clauses), 200, Ct);
        Assert.Equal(names, string.Join(' ', found!["payload"]!.AsArray().Select(c => c!["name"]!.ToString()).Order(StringComparer.Ordinal)));
        Assert.Equal(found["payload"]!.AsArray().Count, found["meta"]!["count"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("unknown equal_to x", 422)]
    [InlineData("identifier contains x", 422)]
    [InlineData("name equal_to", 422)]
    [InlineData("name equal_to a XOR name equal_to b", 422)]
    [InlineData("name equal_to a OR", 500)] // dangling: broken SQL
    [InlineData("name equal_to a , name equal_to b", 500)]
    public async Task A_wrong_clause_is_refused_and_a_broken_chain_breaks(string clauses, int status)
    {
        var (_, body) = await _api.ExpectAsync(HttpMethod.Post, "/api/v1/accounts/1/contacts/filter", Payload(clauses), status, Ct);
        Assert.NotEmpty(body!["error"]!.ToString());
    }

    [Fact]
    public async Task A_page_holds_15_and_counts_all()
    {
        for (var i = 0; i < 20; i++) _chatwoot.Store.AddContact(new() { ["name"] = "Many", ["identifier"] = $"many{i}" });
        var first = (await _api.ExpectAsync(HttpMethod.Post, "/api/v1/accounts/1/contacts/filter", Payload("name equal_to many"), 200, Ct)).Body!;
        var second = (await _api.ExpectAsync(HttpMethod.Post, "/api/v1/accounts/1/contacts/filter?page=2", Payload("name equal_to many"), 200, Ct)).Body!;
        Assert.Equal((15, 5, 20), (first["payload"]!.AsArray().Count, second["payload"]!.AsArray().Count, first["meta"]!["count"]!.GetValue<int>()));
        Assert.Equal("2", second["meta"]!["current_page"]!.GetValue<string>());
    }

    /// <summary>Clauses as words: key operator value, with the connecting word between them ("," for none).</summary>
    private static JsonObject Payload(string clauses)
    {
        var list = new JsonArray();
        foreach (var part in System.Text.RegularExpressions.Regex.Split(clauses, "(?<= (?:OR|AND|XOR|,)) ?"))
        {
            if (part.Length == 0) continue;
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var chain = words[^1] is "OR" or "AND" or "XOR" ? words[^1] : null;
            var rest = words[^1] is "OR" or "AND" or "XOR" or "," ? words[..^1] : words;
            var clause = new JsonObject { ["attribute_key"] = rest[0], ["filter_operator"] = rest[1], ["query_operator"] = chain };
            if (rest.Length > 2) clause["values"] = new JsonArray(rest[2]);
            list.Add(clause);
        }

        return new() { ["payload"] = list };
    }
}
