// npm's baileys 7 as linked devices, unpatched, pointed at a loopback server.
import * as baileys from 'baileys';
import { drive } from './baileys-driver.mjs';

drive(baileys);
