using System.Text.Json.Nodes;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Countries that changed their numbers: the other form is asked about, and what WhatsApp says counts.</summary>
internal static class NumberTraces
{
    /// <summary>A number in WhatsApp's form, and the other form that may be found in an address book.</summary>
    private static readonly (string Country, string Number, string OtherForm)[] Forms =
    [
        ("Brazil, an account of before the ninth digit", "551188880001", "5511988880001"),
        ("Brazil, an account with the ninth digit", "5511988880001", "551188880001"),
        ("Argentina, with the 9 on WhatsApp", "5491150000001", "541150000001"),
        ("Argentina, without the 9 on WhatsApp", "541150000001", "5491150000001"),
        ("Mexico, with the 1 on WhatsApp", "5215550000001", "525550000001"),
        ("Mexico, without the 1 on WhatsApp", "525550000001", "5215550000001"),
    ];

    public static IEnumerable<IdentityTrace> All => [.. Forms.SelectMany(Of), .. Landlines];

    private static IdentityTrace[] Landlines =>
    [
        new("Brazil, a landline", 1, async t =>
        {
            var kept = t.ContactByPhone("Kept", "551133330001");
            var ana = t.Person("551133330001");
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal(kept, t.ContactOf(ana));
        }),
        new("Brazil, a landline is not a mobile number with a 9 before it", 2, async t =>
        {
            var kept = t.ContactByPhone("Kept", "5511933330001");
            var ana = t.Person("551133330001");
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.NotEqual(kept, t.ContactOf(ana));
            Assert.Equal("+551133330001", t.ContactOf(ana).PhoneNumber);
        }),
        new("Brazil, both forms as contacts of one person", 2, async t =>
        {
            var ana = t.Person("551188880001", "Ana Example", "5511988880001");
            await t.IsQuarantinedAsync(ana, t.ContactByPhone("Old", "551188880001"), t.ContactByPhone("New", "5511988880001"));
        }),
        new("Brazil, an agent writes to the other form first", 1, async t =>
        {
            var ana = t.Person("551188880001", "Ana Example", "5511988880001");
            var begun = await t.BeginsAsync(t.ContactByPhone("Kept", "5511988880001"), ana);
            Assert.Equal(begun.Id, (await t.WritesAsync(ana)).ConversationId);
            await t.AnswersAsync(ana);
        }),
    ];

    private static IEnumerable<IdentityTrace> Of((string Country, string Number, string OtherForm) form) =>
    [
        new($"{form.Country}: a contact in the same form", 1, async t =>
        {
            var ana = t.Person(form.Number, "Ana Example", form.OtherForm);
            var kept = t.ContactByPhone("Kept", form.Number);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal(kept, t.ContactOf(ana));
        }),
        new($"{form.Country}: a contact in the other form", 1, async t =>
        {
            var ana = t.Person(form.Number, "Ana Example", form.OtherForm);
            var kept = t.ContactByPhone("Kept", form.OtherForm);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal((kept, "+" + form.OtherForm), (t.ContactOf(ana), kept.PhoneNumber));
        }),
        new($"{form.Country}: an old contact with the other form as identifier", 1, async t =>
        {
            var ana = t.Person(form.Number, "Ana Example", form.OtherForm);
            var kept = t.Contact("Kept", new() { ["identifier"] = "crm-1", ["custom_attributes"] = new JsonObject { ["waha_whatsapp_jid"] = $"{form.OtherForm}@c.us" } });
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal((kept, $"{form.Number}@c.us"), (t.ContactOf(ana), kept.CustomAttributes["waha_whatsapp_jid"]!.ToString()));
        }),
        new($"{form.Country}: the other form is another person's", 2, async t =>
        {
            var (ana, eva) = (t.Person(form.Number), t.Person(form.OtherForm, "Eva Example"));
            var hers = t.ContactByPhone("Hers", form.OtherForm);
            await t.WritesAsync(ana);
            await t.WritesAsync(eva);
            await t.AnswersAsync(ana);
            await t.AnswersAsync(eva);
            Assert.Equal(hers, t.ContactOf(eva));
        }),
    ];
}
