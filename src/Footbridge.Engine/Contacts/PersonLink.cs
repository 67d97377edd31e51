using System.Text.Json;
using System.Text.Json.Serialization;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>What is on record of one pair of phone and LID: who stated it last, and when. Pairs that no longer hold stay, as a person's former numbers.</summary>
/// <param name="AtSeconds">WhatsApp's time of the newest statement.</param>
internal sealed record PersonLink(string Source, long AtSeconds)
{
    /// <summary>All pairs of a LID begin with <c>lid/</c>.</summary>
    public static string KeyOf(Jid phone, Jid lid) => $"{lid.User}/{phone.User}";

    public static ValueTask<PersonLink?> LoadAsync(IDeviceStore store, Jid phone, Jid lid, CancellationToken ct) =>
        StoredJson.LoadAsync(store, StateKind.PersonLink, KeyOf(phone, lid), ContactsJson.Default.PersonLink, "a stored pair of phone and LID", ct);

    public void Save(Jid phone, Jid lid, StoreBatch batch) =>
        batch.Put(StateKind.PersonLink, KeyOf(phone, lid), JsonSerializer.SerializeToUtf8Bytes(this, ContactsJson.Default.PersonLink));
}

[JsonSerializable(typeof(PersonLink))]
[JsonSerializable(typeof(DeviceLists.Stored))]
internal sealed partial class ContactsJson : JsonSerializerContext;
