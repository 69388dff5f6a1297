def advance(dt, n, bodies, pairs):
    for i in range(n):
        for (([x1, y1, z1], v1, m1), ([x2, y2, z2], v2, m2)) in pairs:
            dx = x1 - x2
            dy = y1 - y2
            dz = z1 - z2
            mag = dt * ((dx * dx + dy * dy + dz * dz) ** (-1.5))
            b1m = m1 * mag
            b2m = m2 * mag
            v1[0] -= dx * b2m
            v1[1] -= dy * b2m
            v1[2] -= dz * b2m
            v2[0] += dx * b1m
            v2[1] += dy * b1m
            v2[2] += dz * b1m
        for (r, [vx, vy, vz], m) in bodies:
            r[0] += dt * vx
            r[1] += dt * vy
            r[2] += dt * vz
B = [([0.0,0.0,0.0],[0.0,0.0,0.0],39.47), ([4.84,-1.16,-0.10],[0.606,2.81,-0.02],0.037), ([8.34,4.12,-0.4],[-1.01,1.82,0.008],0.011), ([12.89,-15.11,-0.22],[1.08,0.868,-0.01],0.0017), ([15.37,-25.9,0.179],[0.979,0.594,-0.034],0.002)]
pairs = []
for i in range(4):
    for j in range(i+1, 5):
        pairs.append((B[i], B[j]))
advance(0.01, 50000, B, pairs)
print(B[0][0][0])
