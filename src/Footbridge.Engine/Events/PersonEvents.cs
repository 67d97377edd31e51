using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Events;

/// <summary>A phone number and a LID turned out to be one person; nothing was known of either before.</summary>
/// <param name="Source">Who said so: a <c>PairSource</c> name.</param>
public sealed record PersonLinked(string Id, DateTimeOffset Time, Jid Phone, Jid Lid, string Source) : EngineEvent(Id, Time);

/// <summary>A phone number or a LID now belongs to another person than before; what was filed under the old pair is not to be merged.</summary>
/// <param name="FormerLid">The LID that the phone had, or null.</param>
/// <param name="FormerPhone">The phone that the LID had, or null.</param>
/// <param name="Source">Who said so: a <c>PairSource</c> name.</param>
public sealed record PersonRelinked(string Id, DateTimeOffset Time, Jid Phone, Jid Lid, Jid? FormerLid, Jid? FormerPhone, string Source) : EngineEvent(Id, Time);

/// <summary>A person has another phone number now, and stays the same person.</summary>
public sealed record NumberChanged(string Id, DateTimeOffset Time, Jid FormerPhone, Jid Phone, Jid? Lid) : EngineEvent(Id, Time);

/// <summary>A person's identity key is another one: a new or newly installed phone, or somebody else behind the number.</summary>
/// <param name="IsImplicit">True: seen in a message; false: told by WhatsApp.</param>
public sealed record IdentityChanged(string Id, DateTimeOffset Time, Party Person, bool IsImplicit) : EngineEvent(Id, Time);

/// <summary>A person's or group's picture was set or removed.</summary>
/// <param name="PictureId">Null when it was removed, or when WhatsApp did not say.</param>
public sealed record PictureChanged(string Id, DateTimeOffset Time, Party Owner, string? PictureId) : EngineEvent(Id, Time);

/// <summary>A person's "about" text changed.</summary>
public sealed record AboutChanged(string Id, DateTimeOffset Time, Party Person, string Text) : EngineEvent(Id, Time);
